(* Conv2D (filters F, kernel size K × J, stride (S, T), padding same)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Conv2D_filters_F_kernel_size_K_J_stride_S_T_padding_same.

Variable R : comRingType.
Variables H W C F K J S T M N P Q : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < F /\
   0 < K /\
   0 < J /\
   0 < S /\
   0 < T /\
   0 < M /\ M = ⌈H / S⌉ /\
   0 < N /\ N = ⌈W / T⌉ /\
   0 <= P /\ P = ⌊((Z.max 0 (K + S * ⌈H / S⌉ - H - S))) / 2⌋ /\
   0 <= Q /\ Q = ⌊((Z.max 0 (J + T * ⌈W / T⌉ - T - W))) / 2⌋)%Z.

(* * Definitions *)

Definition z (x : Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> R) (b : Z -> R) (i j k : Z) : R :=
  \sum_(0 <= c <= C - 1) \sum_(0 <= u <= K - 1)
    \sum_(0 <= v <= J - 1) ⟦ 0 <= S * i + u - P, S * i + u - P <= H - 1, 0 <= T * j + v - Q, T * j + v - Q <= W - 1 ⟧
    * w⟨u, v, c, k⟩ * x⟨S * i + u - P, T * j + v - Q, c⟩ + b⟨k⟩.

Definition grad_w (x : Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> R) (u v c k : Z) : R :=
  \sum_(Z.max 0 ⌈(P - u) / S⌉ <= i <= Z.min (M - 1) ⌊(H + P - u - 1) / S⌋)
    \sum_(Z.max 0 ⌈(Q - v) / T⌉ <= j <= Z.min (N - 1) ⌊(Q + W - v - 1) / T⌋) δ_z⟨i, j, k⟩
    * x⟨S * i + u - P, T * j + v - Q, c⟩.

Definition grad_b (δ_z : Z -> Z -> Z -> R) (k : Z) : R :=
  \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) δ_z⟨i, j, k⟩.

Definition grad_x (w : Z -> Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> R) (r s c : Z) : R :=
  \sum_(Z.max 0 (⌈(r + P + 1 - K) / S⌉) <= i <= Z.min (M - 1) ⌊(r + P) / S⌋)
    \sum_(Z.max 0 (⌈(s + Q + 1 - J) / T⌉) <= j <= Z.min (N - 1) ⌊(s + Q) / T⌋)
    \sum_(0 <= k <= F - 1) δ_z⟨i, j, k⟩ * w⟨r + P - S * i, s + Q - T * j, c, k⟩.

(* * Claims *)

Definition derivative_w : Prop := sizes ->
  forall (x : Z -> Z -> Z -> R) (w dw : Z -> Z -> Z -> Z -> R) (b : Z -> R)
      (δ_z : Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= k <= F - 1) δ_z⟨i, j, k⟩ * (z x
        (fun u v c k => w⟨u, v, c, k⟩ + dw⟨u, v, c, k⟩) b i j k - z x w b i j k) =
    \sum_(0 <= u <= K - 1) \sum_(0 <= v <= J - 1) \sum_(0 <= c <= C - 1)
        \sum_(0 <= k <= F - 1) grad_w x δ_z u v c k * dw⟨u, v, c, k⟩.

Definition derivative_b : Prop := sizes ->
  forall (x : Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> R) (b db : Z -> R)
      (δ_z : Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= k <= F - 1) δ_z⟨i, j, k⟩ * (z x w
        (fun k => b⟨k⟩ + db⟨k⟩) i j k - z x w b i j k) =
    \sum_(0 <= k <= F - 1) grad_b δ_z k * db⟨k⟩.

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> R) (b : Z -> R)
      (δ_z : Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= k <= F - 1) δ_z⟨i, j, k⟩ * (z
        (fun r s c => x⟨r, s, c⟩ + dx⟨r, s, c⟩) w b i j k - z x w b i j k) =
    \sum_(0 <= r <= H - 1) \sum_(0 <= s <= W - 1) \sum_(0 <= c <= C - 1) grad_x w δ_z r s c
        * dx⟨r, s, c⟩.

(* * Proofs *)

Theorem derivative_w_holds : derivative_w.
Proof.
unfold derivative_w, sizes, z, grad_w.
adjoint
  (fun p : indices 6 => match p return indices 6 with | (i, (j, (k, (c, (u, (v, tt)))))) => (u,
    (v, (c, (k, (i, (j, tt))))))%Z end)
  (fun q : indices 6 => match q return indices 6 with | (u, (v, (c, (k, (i, (j, tt)))))) => (i,
    (j, (k, (c, (u, (v, tt))))))%Z end).
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
  (fun p : indices 6 => match p return indices 6 with | (i, (j, (k, (c, (u, (v, tt)))))) => (S * i
    + u - P, (T * j + v - Q, (c, (i, (j, (k, tt))))))%Z end)
  (fun q : indices 6 => match q return indices 6 with | (r, (s, (c, (i, (j, (k, tt)))))) => (i,
    (j, (k, (c, (r + P - S * i, (s + Q - T * j, tt))))))%Z end).
Qed.

End Conv2D_filters_F_kernel_size_K_J_stride_S_T_padding_same.
Print Assumptions derivative_w_holds.
Print Assumptions derivative_b_holds.
Print Assumptions derivative_x_holds.
