(* AvgPool1D

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section AvgPool1D.

Variable R : comUnitRingType.
Variables H C K S P D M : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < C /\
   0 < K /\
   0 < S /\
   0 <= P /\
   0 < D /\
   0 < M /\ M = ⌊(2 * P + D + H - D * K - 1) / S⌋ + 1)%Z.

(* * Definitions *)

Definition p (x : Z -> Z -> R) (i c : Z) : R :=
  \sum_(0 <= u <= K - 1) ⟦ 0 <= S * i + D * u - P, S * i + D * u - P <= H - 1 ⟧
    * x⟨S * i + D * u - P, c⟩ / (whole K).

Definition grad_x (δ_p : Z -> Z -> R) (r c : Z) : R :=
  \sum_(Z.max 0 ⌈(r + D + P - D * K) / S⌉ <= i <= Z.min (M - 1) ⌊(r + P) / S⌋) ⟦ D ∣ r + P - S * i ⟧
    * δ_p⟨i, c⟩ / (whole K).

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> R) (δ_p : Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= c <= C - 1) δ_p⟨i, c⟩ * (p (fun r c => x⟨r, c⟩
        + dx⟨r, c⟩) i c - p x i c) =
    \sum_(0 <= r <= H - 1) \sum_(0 <= c <= C - 1) grad_x δ_p r c * dx⟨r, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, p, grad_x.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (c, (u, tt))) => (S * i + D * u - P,
    (c, (i, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (r, (c, (i, tt))) => (i, (c,
    (⌊(r + P - S * i) / D⌋, tt)))%Z end).
Qed.

End AvgPool1D.
Print Assumptions derivative_x_holds.
