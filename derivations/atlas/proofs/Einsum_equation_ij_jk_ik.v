(* Einsum (equation ij,jk→ik)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Einsum_equation_ij_jk_ik.

Variable R : comRingType.
Variables C H W : Z.

Definition sizes : Prop :=
  (0 < C /\
   0 < H /\
   0 < W)%Z.

(* * Definitions *)

Definition y (a : Z -> Z -> R) (b : Z -> Z -> R) (i r : Z) : R :=
  \sum_(0 <= j <= C - 1) a⟨i, j⟩ * b⟨j, r⟩.

Definition grad_a (b : Z -> Z -> R) (δ_y : Z -> Z -> R) (i j : Z) : R :=
  \sum_(0 <= r <= W - 1) δ_y⟨i, r⟩ * b⟨j, r⟩.

Definition grad_b (a : Z -> Z -> R) (δ_y : Z -> Z -> R) (j r : Z) : R :=
  \sum_(0 <= i <= H - 1) δ_y⟨i, r⟩ * a⟨i, j⟩.

(* * Claims *)

Definition derivative_a : Prop := sizes ->
  forall (a da : Z -> Z -> R) (b : Z -> Z -> R) (δ_y : Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= r <= W - 1) δ_y⟨i, r⟩ * (y (fun i j => a⟨i, j⟩
        + da⟨i, j⟩) b i r - y a b i r) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= C - 1) grad_a b δ_y i j * da⟨i, j⟩.

Definition derivative_b : Prop := sizes ->
  forall (a : Z -> Z -> R) (b db : Z -> Z -> R) (δ_y : Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= r <= W - 1) δ_y⟨i, r⟩ * (y a (fun i j => b⟨i, j⟩
        + db⟨i, j⟩) i r - y a b i r) =
    \sum_(0 <= j <= C - 1) \sum_(0 <= r <= W - 1) grad_b a δ_y j r * db⟨j, r⟩.

(* * Proofs *)

Theorem derivative_a_holds : derivative_a.
Proof.
unfold derivative_a, sizes, y, grad_a.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (r, (j, tt))) => (i, (j,
    (r, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (i, (j, (r, tt))) => (i, (r,
    (j, tt)))%Z end).
Qed.

Theorem derivative_b_holds : derivative_b.
Proof.
unfold derivative_b, sizes, y, grad_b.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (r, (j, tt))) => (j, (r,
    (i, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (j, (r, (i, tt))) => (i, (r,
    (j, tt)))%Z end).
Qed.

End Einsum_equation_ij_jk_ik.
Print Assumptions derivative_a_holds.
Print Assumptions derivative_b_holds.
