(* Embedding

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Embedding.

Variable R : comRingType.
Variables H W C F U : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < F /\
   0 < U)%Z.

(* * Definitions *)

Definition v (x : Z -> Z -> Z -> R) (E : Z -> Z -> R) (i j c l : Z) : R :=
  \sum_(0 <= r <= F - 1) ⟦ x⟨i, j, c⟩ == whole r ⟧ * E⟨r, l⟩.

Definition grad_E (x : Z -> Z -> Z -> R) (δ_v : Z -> Z -> Z -> Z -> R) (r l : Z) : R :=
  \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) ⟦ x⟨i, j, c⟩ == whole r ⟧
    * δ_v⟨i, j, c, l⟩.

(* * Claims *)

Definition derivative_E : Prop := sizes ->
  forall (x : Z -> Z -> Z -> R) (E dE : Z -> Z -> R) (δ_v : Z -> Z -> Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1)
        \sum_(0 <= l <= U - 1) δ_v⟨i, j, c, l⟩ * (v x (fun r l => E⟨r, l⟩ + dE⟨r, l⟩) i j c l
        - v x E i j c l) =
    \sum_(0 <= r <= F - 1) \sum_(0 <= l <= U - 1) grad_E x δ_v r l * dE⟨r, l⟩.

(* * Proofs *)

Theorem derivative_E_holds : derivative_E.
Proof.
unfold derivative_E, sizes, v, grad_E.
adjoint
  (fun p : indices 5 => match p return indices 5 with | (i, (j, (c, (l, (r, tt))))) => (r, (l, (i,
    (j, (c, tt)))))%Z end)
  (fun q : indices 5 => match q return indices 5 with | (r, (l, (i, (j, (c, tt))))) => (i, (j, (c,
    (l, (r, tt)))))%Z end).
Qed.

End Embedding.
Print Assumptions derivative_E_holds.
