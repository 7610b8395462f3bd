(* AvgPool2D

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section AvgPool2D.

Variable R : comUnitRingType.
Variables H W C K J S T P Q D E M N : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < K /\
   0 < J /\
   0 < S /\
   0 < T /\
   0 <= P /\
   0 <= Q /\
   0 < D /\
   0 < E /\
   0 < M /\ M = ⌊(2 * P + D + H - D * K - 1) / S⌋ + 1 /\
   0 < N /\ N = ⌊(2 * Q + E + W - E * J - 1) / T⌋ + 1)%Z.

(* * Definitions *)

Definition p (x : Z -> Z -> Z -> R) (i j c : Z) : R :=
  \sum_(0 <= u <= K - 1)
    \sum_(0 <= v <= J - 1) ⟦ 0 <= S * i + D * u - P, S * i + D * u - P <= H - 1, 0 <= T * j + E * v - Q, T * j + E * v - Q <= W - 1 ⟧
    * x⟨S * i + D * u - P, T * j + E * v - Q, c⟩ / (whole (J * K)).

Definition grad_x (δ_p : Z -> Z -> Z -> R) (r s c : Z) : R :=
  \sum_(Z.max 0 ⌈(r + D + P - D * K) / S⌉ <= i <= Z.min (M - 1) ⌊(r + P) / S⌋) ⟦ D ∣ r + P - S * i ⟧
    * (\sum_(Z.max 0 ⌈(s + E + Q - E * J) / T⌉ <= j <= Z.min (N - 1) ⌊(s + Q) / T⌋) ⟦ E ∣ s + Q - T * j ⟧
    * δ_p⟨i, j, c⟩ / (whole (J * K))).

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (δ_p : Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= N - 1) \sum_(0 <= c <= C - 1) δ_p⟨i, j, c⟩ * (p
        (fun r s c => x⟨r, s, c⟩ + dx⟨r, s, c⟩) i j c - p x i j c) =
    \sum_(0 <= r <= H - 1) \sum_(0 <= s <= W - 1) \sum_(0 <= c <= C - 1) grad_x δ_p r s c
        * dx⟨r, s, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, p, grad_x.
adjoint
  (fun p : indices 5 => match p return indices 5 with | (i, (j, (c, (u, (v, tt))))) => (S * i + D
    * u - P, (T * j + E * v - Q, (c, (i, (j, tt)))))%Z end)
  (fun q : indices 5 => match q return indices 5 with | (r, (s, (c, (i, (j, tt))))) => (i, (j, (c,
    (⌊(r + P - S * i) / D⌋, (⌊(s + Q - T * j) / E⌋, tt)))))%Z end).
Qed.

End AvgPool2D.
Print Assumptions derivative_x_holds.
