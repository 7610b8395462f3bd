(* ConvTranspose2D

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section ConvTranspose2D.

Variable R : comRingType.
Variables H W C F K J S T P Q D E M N : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < F /\
   0 < K /\
   0 < J /\
   0 < S /\
   0 < T /\
   0 <= P /\
   0 <= Q /\
   0 < D /\
   0 < E /\
   0 < M /\ M = D * K + H * S + 1 - 2 * P - D - S /\
   0 < N /\ N = E * J + T * W + 1 - 2 * Q - E - T)%Z.

(* * Definitions *)

Definition z (x : Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> R) (b : Z -> R) (i j k : Z) : R :=
  \sum_(Z.max 0 ⌈(i + D + P - D * K) / S⌉ <= r <= Z.min (H - 1) ⌊(i + P) / S⌋) ⟦ D ∣ i + P - S * r ⟧
    * (\sum_(Z.max 0 ⌈(j + E + Q - E * J) / T⌉ <= s <= Z.min (W - 1) ⌊(j + Q) / T⌋) ⟦ E ∣ j + Q - T * s ⟧
    * (\sum_(0 <= c <= C - 1) w⟨⌊(i + P - S * r) / D⌋, ⌊(j + Q - T * s) / E⌋, c, k⟩ * x⟨r, s, c⟩))
    + b⟨k⟩.

Definition grad_w (x : Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> R) (u v c k : Z) : R :=
  \sum_(Z.max 0 ⌈(P - D * u) / S⌉ <= r <= Z.min (H - 1) ⌊(M + P - D * u - 1) / S⌋)
    \sum_(Z.max 0 ⌈(Q - E * v) / T⌉ <= s <= Z.min (W - 1) ⌊(N + Q - E * v - 1) / T⌋) δ_z⟨S * r + D * u - P, T * s + E * v - Q, k⟩
    * x⟨r, s, c⟩.

Definition grad_b (δ_z : Z -> Z -> Z -> R) (k : Z) : R :=
  \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) δ_z⟨i, j, k⟩.

Definition grad_x (w : Z -> Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> R) (r s c : Z) : R :=
  \sum_(Z.max 0 ⌈(P - S * r) / D⌉ <= u <= Z.min (K - 1) ⌊(M + P - S * r - 1) / D⌋)
    \sum_(Z.max 0 ⌈(Q - T * s) / E⌉ <= v <= Z.min (J - 1) ⌊(N + Q - T * s - 1) / E⌋)
    \sum_(0 <= k <= F - 1) δ_z⟨S * r + D * u - P, T * s + E * v - Q, k⟩ * w⟨u, v, c, k⟩.

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
  (fun p : indices 6 => match p return indices 6 with | (i, (j, (k, (r, (s, (c, tt)))))) =>
    (⌊(i + P - S * r) / D⌋, (⌊(j + Q - T * s) / E⌋, (c, (k, (r, (s, tt))))))%Z end)
  (fun q : indices 6 => match q return indices 6 with | (u, (v, (c, (k, (r, (s, tt)))))) => (S * r
    + D * u - P, (T * s + E * v - Q, (k, (r, (s, (c, tt))))))%Z end).
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
  (fun p : indices 6 => match p return indices 6 with | (i, (j, (k, (r, (s, (c, tt)))))) => (r,
    (s, (c, (⌊(i + P - S * r) / D⌋, (⌊(j + Q - T * s) / E⌋, (k, tt))))))%Z end)
  (fun q : indices 6 => match q return indices 6 with | (r, (s, (c, (u, (v, (k, tt)))))) => (S * r
    + D * u - P, (T * s + E * v - Q, (k, (r, (s, (c, tt))))))%Z end).
Qed.

End ConvTranspose2D.
Print Assumptions derivative_w_holds.
Print Assumptions derivative_b_holds.
Print Assumptions derivative_x_holds.
