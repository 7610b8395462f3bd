(* Multiply

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Multiply.

Variable R : comRingType.
Variables C : Z.

Definition sizes : Prop :=
  (0 < C)%Z.

(* * Definitions *)

Definition y (a : Z -> R) (b : Z -> R) (q : Z) : R :=
  a⟨q⟩ * b⟨q⟩.

Definition grad_a (b : Z -> R) (δ_y : Z -> R) (q : Z) : R :=
  δ_y⟨q⟩ * b⟨q⟩.

Definition grad_b (a : Z -> R) (δ_y : Z -> R) (q : Z) : R :=
  δ_y⟨q⟩ * a⟨q⟩.

(* * Claims *)

Definition derivative_a : Prop := sizes ->
  forall (a da : Z -> R) (b : Z -> R) (δ_y : Z -> R),
    \sum_(0 <= q <= C - 1) δ_y⟨q⟩ * (y (fun q => a⟨q⟩ + da⟨q⟩) b q - y a b q) =
    \sum_(0 <= q <= C - 1) grad_a b δ_y q * da⟨q⟩.

Definition derivative_b : Prop := sizes ->
  forall (a : Z -> R) (b db : Z -> R) (δ_y : Z -> R),
    \sum_(0 <= q <= C - 1) δ_y⟨q⟩ * (y a (fun q => b⟨q⟩ + db⟨q⟩) q - y a b q) =
    \sum_(0 <= q <= C - 1) grad_b a δ_y q * db⟨q⟩.

(* * Proofs *)

Theorem derivative_a_holds : derivative_a.
Proof.
unfold derivative_a, sizes, y, grad_a.
adjoint
  (fun p : indices 1 => match p return indices 1 with | (q, tt) => (q, tt)%Z end)
  (fun q : indices 1 => match q return indices 1 with | (q, tt) => (q, tt)%Z end).
Qed.

Theorem derivative_b_holds : derivative_b.
Proof.
unfold derivative_b, sizes, y, grad_b.
adjoint
  (fun p : indices 1 => match p return indices 1 with | (q, tt) => (q, tt)%Z end)
  (fun q : indices 1 => match q return indices 1 with | (q, tt) => (q, tt)%Z end).
Qed.

End Multiply.
Print Assumptions derivative_a_holds.
Print Assumptions derivative_b_holds.
