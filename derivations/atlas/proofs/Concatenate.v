(* Concatenate

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Concatenate.

Variable R : comRingType.
Variables B C : Z.

Definition sizes : Prop :=
  (0 < B /\
   0 < C)%Z.

(* * Definitions *)

Definition y (a : Z -> R) (b : Z -> R) (r : Z) : R :=
  ⟦ 0 <= r - C ⟧ * b⟨r - C⟩ + ⟦ r <= C - 1 ⟧ * a⟨r⟩.

Definition grad_a (δ_y : Z -> R) (q : Z) : R :=
  δ_y⟨q⟩.

Definition grad_b (δ_y : Z -> R) (r : Z) : R :=
  δ_y⟨r + C⟩.

(* * Claims *)

Definition derivative_a : Prop := sizes ->
  forall (a da : Z -> R) (b : Z -> R) (δ_y : Z -> R),
    \sum_(0 <= r <= B + C - 1) δ_y⟨r⟩ * (y (fun q => a⟨q⟩ + da⟨q⟩) b r - y a b r) =
    \sum_(0 <= q <= C - 1) grad_a δ_y q * da⟨q⟩.

Definition derivative_b : Prop := sizes ->
  forall (a : Z -> R) (b db : Z -> R) (δ_y : Z -> R),
    \sum_(0 <= r <= B + C - 1) δ_y⟨r⟩ * (y a (fun r => b⟨r⟩ + db⟨r⟩) r - y a b r) =
    \sum_(0 <= r <= B - 1) grad_b δ_y r * db⟨r⟩.

(* * Proofs *)

Theorem derivative_a_holds : derivative_a.
Proof.
unfold derivative_a, sizes, y, grad_a.
adjoint
  (fun p : indices 1 => match p return indices 1 with | (r, tt) => (r, tt)%Z end)
  (fun q : indices 1 => match q return indices 1 with | (q, tt) => (q, tt)%Z end).
Qed.

Theorem derivative_b_holds : derivative_b.
Proof.
unfold derivative_b, sizes, y, grad_b.
adjoint
  (fun p : indices 1 => match p return indices 1 with | (r, tt) => (r - C, tt)%Z end)
  (fun q : indices 1 => match q return indices 1 with | (r, tt) => (r + C, tt)%Z end).
Qed.

End Concatenate.
Print Assumptions derivative_a_holds.
Print Assumptions derivative_b_holds.
