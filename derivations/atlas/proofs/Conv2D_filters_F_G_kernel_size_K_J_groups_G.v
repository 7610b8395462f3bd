(* Conv2D (filters F G, kernel size K × J, groups G)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Conv2D_filters_F_G_kernel_size_K_J_groups_G.

Variable R : comRingType.
Variables H W C G F K J M N : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < G /\
   0 < F /\
   0 < K /\
   0 < J /\
   0 < M /\ M = H + 1 - K /\
   0 < N /\ N = W + 1 - J)%Z.

(* * Definitions *)

Definition z (x : Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> R) (b : Z -> R) (i j k : Z) : R :=
  \sum_(0 <= h <= C - 1) \sum_(0 <= u <= K - 1) \sum_(0 <= v <= J - 1) w⟨u, v, h, k⟩
    * x⟨i + u, j + v, h + C * ⌊k / F⌋⟩ + b⟨k⟩.

Definition grad_w (x : Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> R) (u v h k : Z) : R :=
  \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) δ_z⟨i, j, k⟩ * x⟨i + u, j + v, h + C * ⌊k / F⌋⟩.

Definition grad_b (δ_z : Z -> Z -> Z -> R) (k : Z) : R :=
  \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) δ_z⟨i, j, k⟩.

Definition grad_x (w : Z -> Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> R) (r s c : Z) : R :=
  \sum_(Z.max 0 (r + 1 - K) <= i <= Z.min (M - 1) r)
    \sum_(Z.max 0 (s + 1 - J) <= j <= Z.min (N - 1) s)
    \sum_(0 <= m <= F - 1) δ_z⟨i, j, F * ⌊c / C⌋ + m⟩
    * w⟨r - i, s - j, c - C * ⌊c / C⌋, F * ⌊c / C⌋ + m⟩.

(* * Claims *)

Definition derivative_w : Prop := sizes ->
  forall (x : Z -> Z -> Z -> R) (w dw : Z -> Z -> Z -> Z -> R) (b : Z -> R)
      (δ_z : Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= k <= F * G - 1) δ_z⟨i, j, k⟩ * (z x
        (fun u v h k => w⟨u, v, h, k⟩ + dw⟨u, v, h, k⟩) b i j k - z x w b i j k) =
    \sum_(0 <= u <= K - 1) \sum_(0 <= v <= J - 1) \sum_(0 <= h <= C - 1)
        \sum_(0 <= k <= F * G - 1) grad_w x δ_z u v h k * dw⟨u, v, h, k⟩.

Definition derivative_b : Prop := sizes ->
  forall (x : Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> R) (b db : Z -> R)
      (δ_z : Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= k <= F * G - 1) δ_z⟨i, j, k⟩ * (z x w
        (fun k => b⟨k⟩ + db⟨k⟩) i j k - z x w b i j k) =
    \sum_(0 <= k <= F * G - 1) grad_b δ_z k * db⟨k⟩.

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> R) (b : Z -> R)
      (δ_z : Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= k <= F * G - 1) δ_z⟨i, j, k⟩ * (z
        (fun r s c => x⟨r, s, c⟩ + dx⟨r, s, c⟩) w b i j k - z x w b i j k) =
    \sum_(0 <= r <= H - 1) \sum_(0 <= s <= W - 1) \sum_(0 <= c <= C * G - 1) grad_x w δ_z r s c
        * dx⟨r, s, c⟩.

(* * Proofs *)

Theorem derivative_w_holds : derivative_w.
Proof.
unfold derivative_w, sizes, z, grad_w.
adjoint
  (fun p : indices 6 => match p return indices 6 with | (i, (j, (k, (h, (u, (v, tt)))))) => (u,
    (v, (h, (k, (i, (j, tt))))))%Z end)
  (fun q : indices 6 => match q return indices 6 with | (u, (v, (h, (k, (i, (j, tt)))))) => (i,
    (j, (k, (h, (u, (v, tt))))))%Z end).
Qed.

Theorem derivative_b_holds : derivative_b.
Proof.
unfold derivative_b, sizes, z, grad_b.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (j, (k, tt))) => (k, (i,
    (j, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (k, (i, (j, tt))) => (i, (j,
    (k, tt)))%Z end).
Qed.

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, z, grad_x.
adjoint
  (fun p : indices 6 => match p return indices 6 with | (i, (j, (k, (h, (u, (v, tt)))))) => (i
    + u, (j + v, (h + C * ⌊k / F⌋, (i, (j, (k - F * ⌊h / C⌋ - F * ⌊k / F⌋, tt))))))%Z end)
  (fun q : indices 6 => match q return indices 6 with | (r, (s, (c, (i, (j, (m, tt)))))) => (i,
    (j, (F * ⌊c / C⌋ + m, (c - C * ⌊c / C⌋, (r - i, (s - j, tt))))))%Z end).
Qed.

End Conv2D_filters_F_G_kernel_size_K_J_groups_G.
Print Assumptions derivative_w_holds.
Print Assumptions derivative_b_holds.
Print Assumptions derivative_x_holds.
