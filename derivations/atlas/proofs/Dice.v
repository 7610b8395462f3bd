(* Dice

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.

   Not stated here: I (L has no error signal); S (Pow is not algebra).
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Dice.

Variable R : comRingType.
Variables K : Z.
Variables η : R.

Definition sizes : Prop :=
  (0 < K)%Z.

(* * Definitions *)

Definition I (y : Z -> R) (t : Z -> R) : R :=
  \sum_(0 <= q <= K - 1) t⟨q⟩ * y⟨q⟩.

Definition S (y : Z -> R) (t : Z -> R) : R :=
  \sum_(0 <= q <= K - 1) (t⟨q⟩ + y⟨q⟩).

Definition grad_y (t : Z -> R) (δ_I : Z -> R) (δ_S : Z -> R) (q : Z) : R :=
  δ_I⟨0⟩ * t⟨q⟩ + δ_S⟨0⟩.

(* * Claims *)

Definition derivative_y : Prop := sizes ->
  forall (y dy : Z -> R) (t : Z -> R) (δ_I : Z -> R) (δ_S : Z -> R),
    (δ_I⟨0⟩ * (I (fun q => y⟨q⟩ + dy⟨q⟩) t - I y t)) +
    (δ_S⟨0⟩ * (S (fun q => y⟨q⟩ + dy⟨q⟩) t - S y t)) =
    \sum_(0 <= q <= K - 1) grad_y t δ_I δ_S q * dy⟨q⟩.

(* * Proofs *)

Theorem derivative_y_holds : derivative_y.
Proof.
unfold derivative_y, sizes, I, S, grad_y.
adjoint
  (fun p : (Z * unit) + (Z * unit) => match p return Z * (unit + unit) with | (inl (q, tt)) => (q,
    (inl tt))%Z | (inr (q, tt)) => (q, (inr tt))%Z end)
  (fun q : Z * (unit + unit) => match q return (Z * unit) + (Z * unit) with | (q, (inl tt)) =>
    (inl (q, tt))%Z | (q, (inr tt)) => (inr (q, tt))%Z end).
Qed.

End Dice.
Print Assumptions derivative_y_holds.
