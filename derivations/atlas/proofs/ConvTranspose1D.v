(* ConvTranspose1D

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section ConvTranspose1D.

Variable R : comRingType.
Variables H C F K S P D M : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < C /\
   0 < F /\
   0 < K /\
   0 < S /\
   0 <= P /\
   0 < D /\
   0 < M /\ M = D * K + H * S + 1 - 2 * P - D - S)%Z.

(* * Definitions *)

Definition z (x : Z -> Z -> R) (w : Z -> Z -> Z -> R) (b : Z -> R) (i k : Z) : R :=
  \sum_(Z.max 0 ⌈(i + D + P - D * K) / S⌉ <= r <= Z.min (H - 1) ⌊(i + P) / S⌋) ⟦ D ∣ i + P - S * r ⟧
    * (\sum_(0 <= c <= C - 1) w⟨⌊(i + P - S * r) / D⌋, c, k⟩ * x⟨r, c⟩) + b⟨k⟩.

Definition grad_w (x : Z -> Z -> R) (δ_z : Z -> Z -> R) (u c k : Z) : R :=
  \sum_(Z.max 0 ⌈(P - D * u) / S⌉ <= r <= Z.min (H - 1) ⌊(M + P - D * u - 1) / S⌋) δ_z⟨S * r + D * u - P, k⟩
    * x⟨r, c⟩.

Definition grad_b (δ_z : Z -> Z -> R) (k : Z) : R :=
  \sum_(0 <= i <= M - 1) δ_z⟨i, k⟩.

Definition grad_x (w : Z -> Z -> Z -> R) (δ_z : Z -> Z -> R) (r c : Z) : R :=
  \sum_(Z.max 0 ⌈(P - S * r) / D⌉ <= u <= Z.min (K - 1) ⌊(M + P - S * r - 1) / D⌋)
    \sum_(0 <= k <= F - 1) δ_z⟨S * r + D * u - P, k⟩ * w⟨u, c, k⟩.

(* * Claims *)

Definition derivative_w : Prop := sizes ->
  forall (x : Z -> Z -> R) (w dw : Z -> Z -> Z -> R) (b : Z -> R) (δ_z : Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= k <= F - 1) δ_z⟨i, k⟩ * (z x (fun u c k => w⟨u, c, k⟩
        + dw⟨u, c, k⟩) b i k - z x w b i k) =
    \sum_(0 <= u <= K - 1) \sum_(0 <= c <= C - 1) \sum_(0 <= k <= F - 1) grad_w x δ_z u c k
        * dw⟨u, c, k⟩.

Definition derivative_b : Prop := sizes ->
  forall (x : Z -> Z -> R) (w : Z -> Z -> Z -> R) (b db : Z -> R) (δ_z : Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= k <= F - 1) δ_z⟨i, k⟩ * (z x w (fun k => b⟨k⟩ + db⟨k⟩) i k
        - z x w b i k) =
    \sum_(0 <= k <= F - 1) grad_b δ_z k * db⟨k⟩.

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> R) (w : Z -> Z -> Z -> R) (b : Z -> R) (δ_z : Z -> Z -> R),
    \sum_(0 <= i <= M - 1) \sum_(0 <= k <= F - 1) δ_z⟨i, k⟩ * (z (fun r c => x⟨r, c⟩
        + dx⟨r, c⟩) w b i k - z x w b i k) =
    \sum_(0 <= r <= H - 1) \sum_(0 <= c <= C - 1) grad_x w δ_z r c * dx⟨r, c⟩.

(* * Proofs *)

Theorem derivative_w_holds : derivative_w.
Proof.
unfold derivative_w, sizes, z, grad_w.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (i, (k, (r, (c, tt)))) =>
    (⌊(i + P - S * r) / D⌋, (c, (k, (r, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (u, (c, (k, (r, tt)))) => (S * r + D * u
    - P, (k, (r, (c, tt))))%Z end).
Qed.

Theorem derivative_b_holds : derivative_b.
Proof.
unfold derivative_b, sizes, z, grad_b.
adjoint
  (fun p : indices 2 => match p return indices 2 with | (i, (k, tt)) => (k, (i, tt))%Z end)
  (fun q : indices 2 => match q return indices 2 with | (k, (i, tt)) => (i, (k, tt))%Z end).
Qed.

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, z, grad_x.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (i, (k, (r, (c, tt)))) => (r, (c,
    (⌊(i + P - S * r) / D⌋, (k, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (r, (c, (u, (k, tt)))) => (S * r + D * u
    - P, (k, (r, (c, tt))))%Z end).
Qed.

End ConvTranspose1D.
Print Assumptions derivative_w_holds.
Print Assumptions derivative_b_holds.
Print Assumptions derivative_x_holds.
