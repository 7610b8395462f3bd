(* AvgPool3D

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section AvgPool3D.

Variable R : comUnitRingType.
Variables H W V C K J I S T Y P Q X D E B M N O : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < V /\
   0 < C /\
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

Definition p (x : Z -> Z -> Z -> Z -> R) (i j l c : Z) : R :=
  \sum_(0 <= u <= K - 1) \sum_(0 <= v <= J - 1)
    \sum_(0 <= o <= I - 1) ⟦ 0 <= S * i + D * u - P, S * i + D * u - P <= H - 1, 0 <= T * j + E * v - Q, T * j + E * v - Q <= W - 1, 0 <= Y * l + B * o - X, Y * l + B * o - X <= V - 1 ⟧
    * x⟨S * i + D * u - P, T * j + E * v - Q, Y * l + B * o - X, c⟩ / (whole (I * J * K)).

Definition grad_x (δ_p : Z -> Z -> Z -> Z -> R) (r s h c : Z) : R :=
  \sum_(Z.max 0 ⌈(r + D + P - D * K) / S⌉ <= i <= Z.min (M - 1) ⌊(r + P) / S⌋) ⟦ D ∣ r + P - S * i ⟧
    * (\sum_(Z.max 0 ⌈(s + E + Q - E * J) / T⌉ <= j <= Z.min (N - 1) ⌊(s + Q) / T⌋) ⟦ E ∣ s + Q - T * j ⟧
    * (\sum_(Z.max 0 ⌈(h + B + X - B * I) / Y⌉ <= l <= Z.min (O - 1) ⌊(h + X) / Y⌋) ⟦ B ∣ h + X - Y * l ⟧
    * δ_p⟨i, j, l, c⟩ / (whole (I * J * K)))).

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> Z -> R) (δ_p : Z -> Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= l <= O - 1)
        \sum_(0 <= c <= C - 1) δ_p⟨i, j, l, c⟩ * (p (fun r s h c => x⟨r, s, h, c⟩
        + dx⟨r, s, h, c⟩) i j l c - p x i j l c) =
    \sum_(0 <= r <= H - 1) \sum_(0 <= s <= W - 1) \sum_(0 <= h <= V - 1)
        \sum_(0 <= c <= C - 1) grad_x δ_p r s h c * dx⟨r, s, h, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, p, grad_x.
adjoint
  (fun p : indices 7 => match p return indices 7 with | (i, (j, (l, (c, (u, (v, (o, tt))))))) =>
    (S * i + D * u - P, (T * j + E * v - Q, (Y * l + B * o - X, (c, (i, (j, (l, tt)))))))%Z end)
  (fun q : indices 7 => match q return indices 7 with | (r, (s, (h, (c, (i, (j, (l, tt))))))) =>
    (i, (j, (l, (c, (⌊(r + P - S * i) / D⌋, (⌊(s + Q - T * j) / E⌋,
    (⌊(h + X - Y * l) / B⌋, tt)))))))%Z end).
Qed.

End AvgPool3D.
Print Assumptions derivative_x_holds.
