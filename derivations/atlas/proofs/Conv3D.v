(* Conv3D

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Conv3D.

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
   0 < M /\ M = ⌊(2 * P + D + H - D * K - 1) / S⌋ + 1 /\
   0 < N /\ N = ⌊(2 * Q + E + W - E * J - 1) / T⌋ + 1 /\
   0 < O /\ O = ⌊(2 * X + B + V - B * I - 1) / Y⌋ + 1)%Z.

(* * Definitions *)

Definition z (x : Z -> Z -> Z -> Z -> R) (w : Z -> Z -> Z -> Z -> Z -> R) (b : Z -> R)
    (i j l k : Z) : R :=
  \sum_(0 <= c <= C - 1) \sum_(0 <= u <= K - 1) \sum_(0 <= v <= J - 1)
    \sum_(0 <= o <= I - 1) ⟦ 0 <= S * i + D * u - P, S * i + D * u - P <= H - 1, 0 <= T * j + E * v - Q, T * j + E * v - Q <= W - 1, 0 <= Y * l + B * o - X, Y * l + B * o - X <= V - 1 ⟧
    * w⟨u, v, o, c, k⟩ * x⟨S * i + D * u - P, T * j + E * v - Q, Y * l + B * o - X, c⟩ + b⟨k⟩.

Definition grad_w (x : Z -> Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> Z -> R) (u v o c k : Z) : R :=
  \sum_(Z.max 0 ⌈(P - D * u) / S⌉ <= i <= Z.min (M - 1) ⌊(H + P - D * u - 1) / S⌋)
    \sum_(Z.max 0 ⌈(Q - E * v) / T⌉ <= j <= Z.min (N - 1) ⌊(Q + W - E * v - 1) / T⌋)
    \sum_(Z.max 0 ⌈(X - B * o) / Y⌉ <= l <= Z.min (O - 1) ⌊(V + X - B * o - 1) / Y⌋) δ_z⟨i, j, l, k⟩
    * x⟨S * i + D * u - P, T * j + E * v - Q, Y * l + B * o - X, c⟩.

Definition grad_b (δ_z : Z -> Z -> Z -> Z -> R) (k : Z) : R :=
  \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= l <= O - 1) δ_z⟨i, j, l, k⟩.

Definition grad_x (w : Z -> Z -> Z -> Z -> Z -> R) (δ_z : Z -> Z -> Z -> Z -> R)
    (r s h c : Z) : R :=
  \sum_(Z.max 0 ⌈(r + D + P - D * K) / S⌉ <= i <= Z.min (M - 1) ⌊(r + P) / S⌋) ⟦ D ∣ r + P - S * i ⟧
    * (\sum_(Z.max 0 ⌈(s + E + Q - E * J) / T⌉ <= j <= Z.min (N - 1) ⌊(s + Q) / T⌋) ⟦ E ∣ s + Q - T * j ⟧
    * (\sum_(Z.max 0 ⌈(h + B + X - B * I) / Y⌉ <= l <= Z.min (O - 1) ⌊(h + X) / Y⌋) ⟦ B ∣ h + X - Y * l ⟧
    * (\sum_(0 <= k <= F - 1) δ_z⟨i, j, l, k⟩
    * w⟨⌊(r + P - S * i) / D⌋, ⌊(s + Q - T * j) / E⌋, ⌊(h + X - Y * l) / B⌋, c, k⟩))).

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
  (fun p : indices 8 => match p return indices 8 with | (i, (j, (l, (k, (c, (u, (v, (o, tt))))))))
    => (u, (v, (o, (c, (k, (i, (j, (l, tt))))))))%Z end)
  (fun q : indices 8 => match q return indices 8 with | (u, (v, (o, (c, (k, (i, (j, (l, tt))))))))
    => (i, (j, (l, (k, (c, (u, (v, (o, tt))))))))%Z end).
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
  (fun p : indices 8 => match p return indices 8 with | (i, (j, (l, (k, (c, (u, (v, (o, tt))))))))
    => (S * i + D * u - P, (T * j + E * v - Q, (Y * l + B * o - X, (c, (i, (j, (l,
    (k, tt))))))))%Z end)
  (fun q : indices 8 => match q return indices 8 with | (r, (s, (h, (c, (i, (j, (l, (k, tt))))))))
    => (i, (j, (l, (k, (c, (⌊(r + P - S * i) / D⌋, (⌊(s + Q - T * j) / E⌋,
    (⌊(h + X - Y * l) / B⌋, tt))))))))%Z end).
Qed.

End Conv3D.
Print Assumptions derivative_w_holds.
Print Assumptions derivative_b_holds.
Print Assumptions derivative_x_holds.
