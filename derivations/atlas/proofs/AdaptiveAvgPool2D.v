(* AdaptiveAvgPool2D

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section AdaptiveAvgPool2D.

Variable R : comUnitRingType.
Variables H W C A B : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < A /\
   0 < B)%Z.

(* * Definitions *)

Definition p (x : Z -> Z -> Z -> R) (N : Z -> Z -> R) (r s c : Z) : R :=
  \sum_(0 <= i <= H - 1)
    \sum_(0 <= j <= W - 1) ⟦ 0 <= H * r + H - A * i - 1, H * r + H - A * i - 1 <= A + H - 2, 0 <= W * s + W - B * j - 1, W * s + W - B * j - 1 <= B + W - 2 ⟧
    * x⟨i, j, c⟩ * N⟨r, s⟩^-1.

Definition grad_x (N : Z -> Z -> R) (δ_p : Z -> Z -> Z -> R) (i j c : Z) : R :=
  \sum_(⌈(A * i + 1) / H⌉ - 1 <= r <= ⌊(A * i + A - 1) / H⌋)
    \sum_(⌈(B * j + 1) / W⌉ - 1 <= s <= ⌊(B * j + B - 1) / W⌋) δ_p⟨r, s, c⟩ * N⟨r, s⟩^-1.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (N : Z -> Z -> R) (δ_p : Z -> Z -> Z -> R),
    \sum_(0 <= r <= A - 1) \sum_(0 <= s <= B - 1) \sum_(0 <= c <= C - 1) δ_p⟨r, s, c⟩ * (p
        (fun i j c => x⟨i, j, c⟩ + dx⟨i, j, c⟩) N r s c - p x N r s c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_x N δ_p i j c
        * dx⟨i, j, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, p, grad_x.
adjoint
  (fun p : indices 5 => match p return indices 5 with | (r, (s, (c, (i, (j, tt))))) => (i, (j, (c,
    (r, (s, tt)))))%Z end)
  (fun q : indices 5 => match q return indices 5 with | (i, (j, (c, (r, (s, tt))))) => (r, (s, (c,
    (i, (j, tt)))))%Z end).
Qed.

End AdaptiveAvgPool2D.
Print Assumptions derivative_x_holds.
