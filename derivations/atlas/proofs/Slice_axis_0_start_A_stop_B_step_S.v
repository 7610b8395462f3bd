(* Slice (axis 0, start A, stop B, step S)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Slice_axis_0_start_A_stop_B_step_S.

Variable R : comRingType.
Variables H W C A B S M : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 <= A /\
   0 < B /\
   0 < S /\
   0 < M /\ M = ⌊(B - A - 1) / S⌋ + 1 /\
   B <= H)%Z.

(* * Definitions *)

Definition y (x : Z -> Z -> Z -> R) (r j c : Z) : R :=
  x⟨S * r + A, j, c⟩.

Definition grad_x (δ_y : Z -> Z -> Z -> R) (i j c : Z) : R :=
  ⟦ S ∣ i - A, 0 <= i - A, i - A <= M * S - S ⟧ * δ_y⟨⌊(i - A) / S⌋, j, c⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= r <= M - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) δ_y⟨r, j, c⟩ * (y
        (fun i j c => x⟨i, j, c⟩ + dx⟨i, j, c⟩) r j c - y x r j c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_x δ_y i j c
        * dx⟨i, j, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (r, (j, (c, tt))) => (S * r + A, (j,
    (c, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (i, (j, (c, tt))) => (⌊(i - A) / S⌋, (j,
    (c, tt)))%Z end).
Qed.

End Slice_axis_0_start_A_stop_B_step_S.
Print Assumptions derivative_x_holds.
