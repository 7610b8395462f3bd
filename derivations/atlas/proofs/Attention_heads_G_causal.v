(* Attention (heads G, causal)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.

   Not stated here: ell (exp is not algebra); s (log is not algebra); q (Pow is not algebra); k
   (Pow is not algebra).
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Attention_heads_G_causal.

Variable R : comRingType.
Variables D E G H W : Z.

Definition sizes : Prop :=
  (0 < D /\
   0 < E /\
   0 < G /\
   0 < H /\
   0 < W)%Z.

(* * Definitions *)

Definition y (v : Z -> Z -> R) (a : Z -> Z -> Z -> R) (i b : Z) : R :=
  \sum_(0 <= r <= Z.min (W - 1) i) a⟨⌊b / E⌋, i, r⟩ * v⟨r, b⟩.

Definition grad_a (v : Z -> Z -> R) (δ_y : Z -> Z -> R) (h i r : Z) : R :=
  ⟦ 0 <= i - r ⟧ * (\sum_(0 <= m <= E - 1) δ_y⟨i, E * h + m⟩ * v⟨r, E * h + m⟩).

Definition grad_v (a : Z -> Z -> Z -> R) (δ_y : Z -> Z -> R) (r j : Z) : R :=
  \sum_(r <= i <= H - 1) δ_y⟨i, j⟩ * a⟨⌊j / E⌋, i, r⟩.

(* * Claims *)

Definition derivative_a : Prop := sizes ->
  forall (v : Z -> Z -> R) (a da : Z -> Z -> Z -> R) (δ_y : Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= b <= E * G - 1) δ_y⟨i, b⟩ * (y v (fun h i r => a⟨h, i, r⟩
        + da⟨h, i, r⟩) i b - y v a i b) =
    \sum_(0 <= h <= G - 1) \sum_(0 <= i <= H - 1) \sum_(0 <= r <= W - 1) grad_a v δ_y h i r
        * da⟨h, i, r⟩.

Definition derivative_v : Prop := sizes ->
  forall (v dv : Z -> Z -> R) (a : Z -> Z -> Z -> R) (δ_y : Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= b <= E * G - 1) δ_y⟨i, b⟩ * (y (fun i j => v⟨i, j⟩
        + dv⟨i, j⟩) a i b - y v a i b) =
    \sum_(0 <= r <= W - 1) \sum_(0 <= j <= E * G - 1) grad_v a δ_y r j * dv⟨r, j⟩.

(* * Proofs *)

Theorem derivative_a_holds : derivative_a.
Proof.
unfold derivative_a, sizes, y, grad_a.
adjoint
  (fun p : indices 3 => match p return indices 4 with | (i, (b, (r, tt))) => (⌊b / E⌋, (i, (r, (b
    - E * ⌊b / E⌋, tt))))%Z end)
  (fun q : indices 4 => match q return indices 3 with | (h, (i, (r, (m, tt)))) => (i, (E * h + m,
    (r, tt)))%Z end).
Qed.

Theorem derivative_v_holds : derivative_v.
Proof.
unfold derivative_v, sizes, y, grad_v.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (b, (r, tt))) => (r, (b,
    (i, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (r, (j, (i, tt))) => (i, (j,
    (r, tt)))%Z end).
Qed.

End Attention_heads_G_causal.
Print Assumptions derivative_a_holds.
Print Assumptions derivative_v_holds.
