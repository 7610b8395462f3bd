(* GlobalAvgPool2D

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section GlobalAvgPool2D.

Variable R : comUnitRingType.
Variables H W C : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C)%Z.

(* * Definitions *)

Definition p (x : Z -> Z -> Z -> R) (c : Z) : R :=
  (\sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) x⟨i, j, c⟩) / (whole (H * W)).

Definition grad_x (δ_p : Z -> R) (i j c : Z) : R :=
  δ_p⟨c⟩ / (whole (H * W)).

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (δ_p : Z -> R),
    \sum_(0 <= c <= C - 1) δ_p⟨c⟩ * (p (fun i j c => x⟨i, j, c⟩ + dx⟨i, j, c⟩) c - p x c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_x δ_p i j c
        * dx⟨i, j, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, p, grad_x.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (c, (i, (j, tt))) => (i, (j,
    (c, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (i, (j, (c, tt))) => (c, (i,
    (j, tt)))%Z end).
Qed.

End GlobalAvgPool2D.
Print Assumptions derivative_x_holds.
