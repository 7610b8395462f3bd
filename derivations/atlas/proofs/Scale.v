(* Scale

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Scale.

Variable R : comRingType.
Variables C : Z.
Variables α β : R.

Definition sizes : Prop :=
  (0 < C)%Z.

(* * Definitions *)

Definition y (x : Z -> R) (q : Z) : R :=
  α * x⟨q⟩ + β.

Definition grad_x (δ_y : Z -> R) (q : Z) : R :=
  α * δ_y⟨q⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> R) (δ_y : Z -> R),
    \sum_(0 <= q <= C - 1) δ_y⟨q⟩ * (y (fun q => x⟨q⟩ + dx⟨q⟩) q - y x q) =
    \sum_(0 <= q <= C - 1) grad_x δ_y q * dx⟨q⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 1 => match p return indices 1 with | (q, tt) => (q, tt)%Z end)
  (fun q : indices 1 => match q return indices 1 with | (q, tt) => (q, tt)%Z end).
Qed.

End Scale.
Print Assumptions derivative_x_holds.
