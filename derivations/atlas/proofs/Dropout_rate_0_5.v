(* Dropout (rate 0.5)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Dropout_rate_0_5.

Variable R : comRingType.
Variables C : Z.

Definition sizes : Prop :=
  (0 < C)%Z.

(* * Definitions *)

Definition y (x : Z -> R) (m : Z -> R) (q : Z) : R :=
  (whole 2) * m⟨q⟩ * x⟨q⟩.

Definition grad_x (m : Z -> R) (δ_y : Z -> R) (q : Z) : R :=
  (whole 2) * δ_y⟨q⟩ * m⟨q⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> R) (m : Z -> R) (δ_y : Z -> R),
    \sum_(0 <= q <= C - 1) δ_y⟨q⟩ * (y (fun q => x⟨q⟩ + dx⟨q⟩) m q - y x m q) =
    \sum_(0 <= q <= C - 1) grad_x m δ_y q * dx⟨q⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 1 => match p return indices 1 with | (q, tt) => (q, tt)%Z end)
  (fun q : indices 1 => match q return indices 1 with | (q, tt) => (q, tt)%Z end).
Qed.

End Dropout_rate_0_5.
Print Assumptions derivative_x_holds.
