(* LogSoftmax

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.

   Not stated here: x (exp is not algebra).
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section LogSoftmax.

Variable R : comRingType.
Variables C : Z.

Definition sizes : Prop :=
  (0 < C)%Z.

(* * Definitions *)

Definition y (x : Z -> R) (ℓ : Z -> R) (q : Z) : R :=
  x⟨q⟩ - ℓ⟨0⟩.

Definition grad_ℓ (δ_y : Z -> R) : R :=
  \sum_(0 <= q <= C - 1) (- δ_y⟨q⟩).

(* * Claims *)

Definition derivative_ℓ : Prop := sizes ->
  forall (x : Z -> R) (ℓ d : Z -> R) (δ_y : Z -> R),
    \sum_(0 <= q <= C - 1) δ_y⟨q⟩ * (y x (fun l => ℓ⟨l⟩ + d⟨l⟩) q - y x ℓ q) =
    grad_ℓ δ_y * d⟨0⟩.

(* * Proofs *)

Theorem derivative_ℓ_holds : derivative_ℓ.
Proof.
unfold derivative_ℓ, sizes, y, grad_ℓ.
adjoint
  (fun p : indices 1 => match p return indices 1 with | (q, tt) => (q, tt)%Z end)
  (fun q : indices 1 => match q return indices 1 with | (q, tt) => (q, tt)%Z end).
Qed.

End LogSoftmax.
Print Assumptions derivative_ℓ_holds.
