(* Attention

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.

   Not stated here: ell (exp is not algebra); s (log is not algebra); q (Pow is not algebra); k
   (Pow is not algebra).
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Attention.

Variable R : comRingType.
Variables D E H W : Z.

Definition sizes : Prop :=
  (0 < D /\
   0 < E /\
   0 < H /\
   0 < W)%Z.

(* * Definitions *)

Definition y (v : Z -> Z -> R) (a : Z -> Z -> Z -> R) (i j : Z) : R :=
  \sum_(0 <= u <= W - 1) a⟨0, i, u⟩ * v⟨u, j⟩.

Definition grad_a (v : Z -> Z -> R) (δ_y : Z -> Z -> R) (i u : Z) : R :=
  \sum_(0 <= j <= E - 1) δ_y⟨i, j⟩ * v⟨u, j⟩.

Definition grad_v (a : Z -> Z -> Z -> R) (δ_y : Z -> Z -> R) (u j : Z) : R :=
  \sum_(0 <= i <= H - 1) δ_y⟨i, j⟩ * a⟨0, i, u⟩.

(* * Claims *)

Definition derivative_a : Prop := sizes ->
  forall (v : Z -> Z -> R) (a da : Z -> Z -> Z -> R) (δ_y : Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= E - 1) δ_y⟨i, j⟩ * (y v (fun h i u => a⟨h, i, u⟩
        + da⟨h, i, u⟩) i j - y v a i j) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= u <= W - 1) grad_a v δ_y i u * da⟨0, i, u⟩.

Definition derivative_v : Prop := sizes ->
  forall (v dv : Z -> Z -> R) (a : Z -> Z -> Z -> R) (δ_y : Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= E - 1) δ_y⟨i, j⟩ * (y (fun i j => v⟨i, j⟩
        + dv⟨i, j⟩) a i j - y v a i j) =
    \sum_(0 <= u <= W - 1) \sum_(0 <= j <= E - 1) grad_v a δ_y u j * dv⟨u, j⟩.

(* * Proofs *)

Theorem derivative_a_holds : derivative_a.
Proof.
unfold derivative_a, sizes, y, grad_a.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (j, (u, tt))) => (i, (u,
    (j, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (i, (u, (j, tt))) => (i, (j,
    (u, tt)))%Z end).
Qed.

Theorem derivative_v_holds : derivative_v.
Proof.
unfold derivative_v, sizes, y, grad_v.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (j, (u, tt))) => (u, (j,
    (i, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (u, (j, (i, tt))) => (i, (j,
    (u, tt)))%Z end).
Qed.

End Attention.
Print Assumptions derivative_a_holds.
Print Assumptions derivative_v_holds.
