(* Upsample2D (size A × B)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Upsample2D_size_A_B.

Variable R : comRingType.
Variables H W C A B : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < A /\
   0 < B)%Z.

(* * Definitions *)

Definition y (x : Z -> Z -> Z -> R) (r s c : Z) : R :=
  x⟨⌊(H * r) / A⌋, ⌊(W * s) / B⌋, c⟩.

Definition grad_x (δ_y : Z -> Z -> Z -> R) (i j c : Z) : R :=
  \sum_(⌈(A * i) / H⌉ <= r <= ⌊(A * i + A - 1) / H⌋)
    \sum_(⌈(B * j) / W⌉ <= s <= ⌊(B * j + B - 1) / W⌋) δ_y⟨r, s, c⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= r <= A - 1) \sum_(0 <= s <= B - 1) \sum_(0 <= c <= C - 1) δ_y⟨r, s, c⟩ * (y
        (fun i j c => x⟨i, j, c⟩ + dx⟨i, j, c⟩) r s c - y x r s c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_x δ_y i j c
        * dx⟨i, j, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 3 => match p return indices 5 with | (r, (s, (c, tt))) => (⌊(H * r) / A⌋,
    (⌊(W * s) / B⌋, (c, (r, (s, tt)))))%Z end)
  (fun q : indices 5 => match q return indices 3 with | (i, (j, (c, (r, (s, tt))))) => (r, (s,
    (c, tt)))%Z end).
Qed.

End Upsample2D_size_A_B.
Print Assumptions derivative_x_holds.
