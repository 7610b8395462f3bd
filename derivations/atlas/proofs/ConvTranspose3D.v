(* ConvTranspose3D

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section ConvTranspose3D.

Variable R : comRingType.
Variables H W V C F K J I S T Y P Q X D E B M N O : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < V /\
   0 < C /\
   0 < F /\
   0 < K /\
   0 < J /\
   0 < I /\
   0 < S /\
   0 < T /\
   0 < Y /\
   0 <= P /\
   0 <= Q /\
   0 <= X /\
   0 < D /\
   0 < E /\
   0 < B /\
   0 < M /\ M = D * K + H * S + 1 - 2 * P - D - S /\
   0 < N /\ N = E * J + T * W + 1 - 2 * Q - E - T /\
   0 < O /\ O = B * I + V * Y + 1 - 2 * X - B - Y)%Z.

(* * Definitions *)

Definition z (x : Z -> Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> Z -> R) (b : Z -> R)
    (i j t k : Z) : R :=
  \sum_(Z.max 0 ⌈(i + D + P - D * K) / S⌉ <= r <= Z.min (H - 1) ⌊(i + P) / S⌋) ⟦ D ∣ i + P - S * r ⟧
    * (\sum_(Z.max 0 ⌈(j + E + Q - E * J) / T⌉ <= s <= Z.min (W - 1) ⌊(j + Q) / T⌋) ⟦ E ∣ j + Q - T * s ⟧
    * (\sum_(Z.max 0 ⌈(t + B + X - B * I) / Y⌉ <= q <= Z.min (V - 1) ⌊(t + X) / Y⌋) ⟦ B ∣ t + X - Y * q ⟧
    * (\sum_(0 <= h <= C - 1) w⟨⌊(i + P - S * r) / D⌋, ⌊(j + Q - T * s) / E⌋, ⌊(t + X - Y * q) / B⌋, h, k⟩
    * x⟨r, s, q, h⟩))) + b⟨k⟩.

Definition grad_w (x : Z -> Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> Z -> R) (u v o h k : Z) : R :=
  \sum_(Z.max 0 ⌈(P - D * u) / S⌉ <= r <= Z.min (H - 1) ⌊(M + P - D * u - 1) / S⌋)
    \sum_(Z.max 0 ⌈(Q - E * v) / T⌉ <= s <= Z.min (W - 1) ⌊(N + Q - E * v - 1) / T⌋)
    \sum_(Z.max 0 ⌈(X - B * o) / Y⌉ <= q <= Z.min (V - 1) ⌊(O + X - B * o - 1) / Y⌋) δ_z⟨S * r + D * u - P, T * s + E * v - Q, B * o + Y * q - X, k⟩
    * x⟨r, s, q, h⟩.

Definition grad_b (δ_z : Z -> Z -> Z -> Z -> R) (k : Z) : R :=
  \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= t <= O - 1) δ_z⟨i, j, t, k⟩.

Definition grad_x (w : Z -> Z -> Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> Z -> R)
    (r s q h : Z) : R :=
  \sum_(Z.max 0 ⌈(P - S * r) / D⌉ <= u <= Z.min (K - 1) ⌊(M + P - S * r - 1) / D⌋)
    \sum_(Z.max 0 ⌈(Q - T * s) / E⌉ <= v <= Z.min (J - 1) ⌊(N + Q - T * s - 1) / E⌋)
    \sum_(Z.max 0 ⌈(X - Y * q) / B⌉ <= o <= Z.min (I - 1) ⌊(O + X - Y * q - 1) / B⌋)
    \sum_(0 <= k <= F - 1) δ_z⟨S * r + D * u - P, T * s + E * v - Q, B * o + Y * q - X, k⟩
    * w⟨u, v, o, h, k⟩.

(* * Claims *)

Definition derivative_w : Prop := sizes ->
  forall (x : Z -> Z -> Z -> Z -> R) (w dw : Z -> Z -> Z -> Z -> Z -> R) (b : Z -> R)
      (δ_z : Z -> Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= t <= O - 1)
        \sum_(0 <= k <= F - 1) δ_z⟨i, j, t, k⟩ * (z x (fun u v o h k => w⟨u, v, o, h, k⟩
        + dw⟨u, v, o, h, k⟩) b i j t k - z x w b i j t k) =
    \sum_(0 <= u <= K - 1) \sum_(0 <= v <= J - 1) \sum_(0 <= o <= I - 1) \sum_(0 <= h <= C - 1)
        \sum_(0 <= k <= F - 1) grad_w x δ_z u v o h k * dw⟨u, v, o, h, k⟩.

Definition derivative_b : Prop := sizes ->
  forall (x : Z -> Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> Z -> R) (b db : Z -> R)
      (δ_z : Z -> Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= t <= O - 1)
        \sum_(0 <= k <= F - 1) δ_z⟨i, j, t, k⟩ * (z x w (fun k => b⟨k⟩ + db⟨k⟩) i j t k
        - z x w b i j t k) =
    \sum_(0 <= k <= F - 1) grad_b δ_z k * db⟨k⟩.

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> Z -> R) (b : Z -> R)
      (δ_z : Z -> Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= t <= O - 1)
        \sum_(0 <= k <= F - 1) δ_z⟨i, j, t, k⟩ * (z (fun r s q h => x⟨r, s, q, h⟩
        + dx⟨r, s, q, h⟩) w b i j t k - z x w b i j t k) =
    \sum_(0 <= r <= H - 1) \sum_(0 <= s <= W - 1) \sum_(0 <= q <= V - 1)
        \sum_(0 <= h <= C - 1) grad_x w δ_z r s q h * dx⟨r, s, q, h⟩.

(* * Proofs *)

Theorem derivative_w_holds : derivative_w.
Proof.
unfold derivative_w, sizes, z, grad_w.
adjoint
  (fun p : indices 8 => match p return indices 8 with | (i, (j, (t, (k, (r, (s, (q, (h, tt))))))))
    => (⌊(i + P - S * r) / D⌋, (⌊(j + Q - T * s) / E⌋, (⌊(t + X - Y * q) / B⌋, (h, (k, (r, (s,
    (q, tt))))))))%Z end)
  (fun q : indices 8 => match q return indices 8 with | (u, (v, (o, (h, (k, (r, (s, (q, tt))))))))
    => (S * r + D * u - P, (T * s + E * v - Q, (B * o + Y * q - X, (k, (r, (s, (q,
    (h, tt))))))))%Z end).
Qed.

Theorem derivative_b_holds : derivative_b.
Proof.
unfold derivative_b, sizes, z, grad_b.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (i, (j, (t, (k, tt)))) => (k, (i, (j,
    (t, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (k, (i, (j, (t, tt)))) => (i, (j, (t,
    (k, tt))))%Z end).
Qed.

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, z, grad_x.
adjoint
  (fun p : indices 8 => match p return indices 8 with | (i, (j, (t, (k, (r, (s, (q, (h, tt))))))))
    => (r, (s, (q, (h, (⌊(i + P - S * r) / D⌋, (⌊(j + Q - T * s) / E⌋, (⌊(t + X - Y * q) / B⌋,
    (k, tt))))))))%Z end)
  (fun q : indices 8 => match q return indices 8 with | (r, (s, (q, (h, (u, (v, (o, (k, tt))))))))
    => (S * r + D * u - P, (T * s + E * v - Q, (B * o + Y * q - X, (k, (r, (s, (q,
    (h, tt))))))))%Z end).
Qed.

End ConvTranspose3D.
Print Assumptions derivative_w_holds.
Print Assumptions derivative_b_holds.
Print Assumptions derivative_x_holds.
