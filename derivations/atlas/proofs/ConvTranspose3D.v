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
    (i j l k : Z) : R :=
  \sum_(Z.max 0 ⌈(i + D + P - D * K) / S⌉ <= r <= Z.min (H - 1) ⌊(i + P) / S⌋) ⟦ D ∣ i + P - S * r ⟧
    * (\sum_(Z.max 0 ⌈(j + E + Q - E * J) / T⌉ <= s <= Z.min (W - 1) ⌊(j + Q) / T⌋) ⟦ E ∣ j + Q - T * s ⟧
    * (\sum_(Z.max 0 ⌈(l + B + X - B * I) / Y⌉ <= h <= Z.min (V - 1) ⌊(l + X) / Y⌋) ⟦ B ∣ l + X - Y * h ⟧
    * (\sum_(0 <= c <= C - 1) w⟨⌊(i + P - S * r) / D⌋, ⌊(j + Q - T * s) / E⌋, ⌊(l + X - Y * h) / B⌋, c, k⟩
    * x⟨r, s, h, c⟩))) + b⟨k⟩.

Definition grad_w (x : Z -> Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> Z -> R) (u v o c k : Z) : R :=
  \sum_(Z.max 0 ⌈(P - D * u) / S⌉ <= r <= Z.min (H - 1) ⌊(M + P - D * u - 1) / S⌋)
    \sum_(Z.max 0 ⌈(Q - E * v) / T⌉ <= s <= Z.min (W - 1) ⌊(N + Q - E * v - 1) / T⌋)
    \sum_(Z.max 0 ⌈(X - B * o) / Y⌉ <= h <= Z.min (V - 1) ⌊(O + X - B * o - 1) / Y⌋) δ_z⟨S * r + D * u - P, T * s + E * v - Q, Y * h + B * o - X, k⟩
    * x⟨r, s, h, c⟩.

Definition grad_b (δ_z : Z -> Z -> Z -> Z -> R) (k : Z) : R :=
  \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= l <= O - 1) δ_z⟨i, j, l, k⟩.

Definition grad_x (w : Z -> Z -> Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> Z -> R)
    (r s h c : Z) : R :=
  \sum_(Z.max 0 ⌈(P - S * r) / D⌉ <= u <= Z.min (K - 1) ⌊(M + P - S * r - 1) / D⌋)
    \sum_(Z.max 0 ⌈(Q - T * s) / E⌉ <= v <= Z.min (J - 1) ⌊(N + Q - T * s - 1) / E⌋)
    \sum_(Z.max 0 ⌈(X - Y * h) / B⌉ <= o <= Z.min (I - 1) ⌊(O + X - Y * h - 1) / B⌋)
    \sum_(0 <= k <= F - 1) δ_z⟨S * r + D * u - P, T * s + E * v - Q, Y * h + B * o - X, k⟩
    * w⟨u, v, o, c, k⟩.

(* * Claims *)

Definition derivative_w : Prop := sizes ->
  forall (x : Z -> Z -> Z -> Z -> R) (w dw : Z -> Z -> Z -> Z -> Z -> R) (b : Z -> R)
      (δ_z : Z -> Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= l <= O - 1)
        \sum_(0 <= k <= F - 1) δ_z⟨i, j, l, k⟩ * (z x (fun u v o c k => w⟨u, v, o, c, k⟩
        + dw⟨u, v, o, c, k⟩) b i j l k - z x w b i j l k) =
    \sum_(0 <= u <= K - 1) \sum_(0 <= v <= J - 1) \sum_(0 <= o <= I - 1) \sum_(0 <= c <= C - 1)
        \sum_(0 <= k <= F - 1) grad_w x δ_z u v o c k * dw⟨u, v, o, c, k⟩.

Definition derivative_b : Prop := sizes ->
  forall (x : Z -> Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> Z -> R) (b db : Z -> R)
      (δ_z : Z -> Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= l <= O - 1)
        \sum_(0 <= k <= F - 1) δ_z⟨i, j, l, k⟩ * (z x w (fun k => b⟨k⟩ + db⟨k⟩) i j l k
        - z x w b i j l k) =
    \sum_(0 <= k <= F - 1) grad_b δ_z k * db⟨k⟩.

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> Z -> R) (b : Z -> R)
      (δ_z : Z -> Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= l <= O - 1)
        \sum_(0 <= k <= F - 1) δ_z⟨i, j, l, k⟩ * (z (fun r s h c => x⟨r, s, h, c⟩
        + dx⟨r, s, h, c⟩) w b i j l k - z x w b i j l k) =
    \sum_(0 <= r <= H - 1) \sum_(0 <= s <= W - 1) \sum_(0 <= h <= V - 1)
        \sum_(0 <= c <= C - 1) grad_x w δ_z r s h c * dx⟨r, s, h, c⟩.

(* * Proofs *)

Theorem derivative_w_holds : derivative_w.
Proof.
unfold derivative_w, sizes, z, grad_w.
adjoint
  (fun p : indices 8 => match p return indices 8 with | (i, (j, (l, (k, (r, (s, (h, (c, tt))))))))
    => (⌊(i + P - S * r) / D⌋, (⌊(j + Q - T * s) / E⌋, (⌊(l + X - Y * h) / B⌋, (c, (k, (r, (s,
    (h, tt))))))))%Z end)
  (fun q : indices 8 => match q return indices 8 with | (u, (v, (o, (c, (k, (r, (s, (h, tt))))))))
    => (S * r + D * u - P, (T * s + E * v - Q, (Y * h + B * o - X, (k, (r, (s, (h,
    (c, tt))))))))%Z end).
Qed.

Theorem derivative_b_holds : derivative_b.
Proof.
unfold derivative_b, sizes, z, grad_b.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (i, (j, (l, (k, tt)))) => (k, (i, (j,
    (l, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (k, (i, (j, (l, tt)))) => (i, (j, (l,
    (k, tt))))%Z end).
Qed.

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, z, grad_x.
adjoint
  (fun p : indices 8 => match p return indices 8 with | (i, (j, (l, (k, (r, (s, (h, (c, tt))))))))
    => (r, (s, (h, (c, (⌊(i + P - S * r) / D⌋, (⌊(j + Q - T * s) / E⌋, (⌊(l + X - Y * h) / B⌋,
    (k, tt))))))))%Z end)
  (fun q : indices 8 => match q return indices 8 with | (r, (s, (h, (c, (u, (v, (o, (k, tt))))))))
    => (S * r + D * u - P, (T * s + E * v - Q, (Y * h + B * o - X, (k, (r, (s, (h,
    (c, tt))))))))%Z end).
Qed.

End ConvTranspose3D.
Print Assumptions derivative_w_holds.
Print Assumptions derivative_b_holds.
Print Assumptions derivative_x_holds.
