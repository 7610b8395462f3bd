(* Pad (padding (P, Q))

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Pad_padding_P_Q.

Variable R : comRingType.
Variables H W C P Q : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 <= P /\
   0 <= Q)%Z.

(* * Definitions *)

Definition y (x : Z -> Z -> Z -> R) (r j c : Z) : R :=
  ⟦ 0 <= r - P, r - P <= H - 1 ⟧ * x⟨r - P, j, c⟩.

Definition grad_x (δ_y : Z -> Z -> Z -> R) (i j c : Z) : R :=
  δ_y⟨i + P, j, c⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= r <= H + P + Q - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) δ_y⟨r, j, c⟩ * (y
        (fun i j c => x⟨i, j, c⟩ + dx⟨i, j, c⟩) r j c - y x r j c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_x δ_y i j c
        * dx⟨i, j, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (r, (j, (c, tt))) => (r - P, (j,
    (c, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (i, (j, (c, tt))) => (i + P, (j,
    (c, tt)))%Z end).
Qed.

End Pad_padding_P_Q.
Print Assumptions derivative_x_holds.
