(* AvgPool2D (pool size K × J, padding (P, Q), padding not counted)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section AvgPool2D_pool_size_K_J_padding_P_Q_padding_not_counted.

Variable R : comUnitRingType.
Variables H W C K J P Q M O : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < K /\
   0 < J /\
   0 <= P /\
   0 <= Q /\
   0 < M /\ M = ⌊(2 * P + H) / K⌋ /\
   0 < O /\ O = ⌊(2 * Q + W) / J⌋)%Z.

(* * Definitions *)

Definition p (x : Z -> Z -> Z -> R) (N : Z -> Z -> R) (i j c : Z) : R :=
  \sum_(0 <= u <= K - 1)
    \sum_(0 <= v <= J - 1) ⟦ 0 <= K * i + u - P, K * i + u - P <= H - 1, 0 <= J * j + v - Q, J * j + v - Q <= W - 1 ⟧
    * x⟨K * i + u - P, J * j + v - Q, c⟩ * N⟨i, j⟩^-1.

Definition grad_x (N : Z -> Z -> R) (δ_p : Z -> Z -> Z -> R) (r s c : Z) : R :=
  ⟦ r + P <= K * M - 1, s + Q <= J * O - 1 ⟧ * δ_p⟨⌊(r + P) / K⌋, ⌊(s + Q) / J⌋, c⟩
    * N⟨⌊(r + P) / K⌋, ⌊(s + Q) / J⌋⟩^-1.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (N : Z -> Z -> R) (δ_p : Z -> Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= j <= O - 1) \sum_(0 <= c <= C - 1) δ_p⟨i, j, c⟩ * (p
        (fun r s c => x⟨r, s, c⟩ + dx⟨r, s, c⟩) N i j c - p x N i j c) =
    \sum_(0 <= r <= H - 1) \sum_(0 <= s <= W - 1) \sum_(0 <= c <= C - 1) grad_x N δ_p r s c
        * dx⟨r, s, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, p, grad_x.
adjoint
  (fun p : indices 5 => match p return indices 3 with | (i, (j, (c, (u, (v, tt))))) => (K * i + u
    - P, (J * j + v - Q, (c, tt)))%Z end)
  (fun q : indices 3 => match q return indices 5 with | (r, (s, (c, tt))) => (⌊(r + P) / K⌋,
    (⌊(s + Q) / J⌋, (c, (r + P - K * ⌊(r + P) / K⌋, (s + Q - J * ⌊(s + Q) / J⌋, tt)))))%Z end).
Qed.

End AvgPool2D_pool_size_K_J_padding_P_Q_padding_not_counted.
Print Assumptions derivative_x_holds.
