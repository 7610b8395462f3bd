(* CumSum

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section CumSum.

Variable R : comRingType.
Variables H C : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < C)%Z.

(* * Definitions *)

Definition y (x : Z -> Z -> R) (r c : Z) : R :=
  \sum_(0 <= i <= r) x⟨i, c⟩.

Definition grad_x (δ_y : Z -> Z -> R) (i c : Z) : R :=
  \sum_(i <= r <= H - 1) δ_y⟨r, c⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> R) (δ_y : Z -> Z -> R),
    \sum_(0 <= r <= H - 1) \sum_(0 <= c <= C - 1) δ_y⟨r, c⟩ * (y (fun i c => x⟨i, c⟩
        + dx⟨i, c⟩) r c - y x r c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= c <= C - 1) grad_x δ_y i c * dx⟨i, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (r, (c, (i, tt))) => (i, (c,
    (r, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (i, (c, (r, tt))) => (r, (c,
    (i, tt)))%Z end).
Qed.

End CumSum.
Print Assumptions derivative_x_holds.
