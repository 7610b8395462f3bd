(* Pad (padding (P, Q), mode replicate)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Pad_padding_P_Q_mode_replicate.

Variable R : comRingType.
Variables H W C P Q : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 <= P /\
   0 <= Q)%Z.

(* * Definitions *)

Definition y (x : Z -> Z -> Z -> R) (r j c : Z) : R :=
  ⟦ 0 <= r - H - P ⟧ * x⟨H - 1, j, c⟩ + ⟦ 0 <= r - P, r - P <= H - 1 ⟧ * x⟨r - P, j, c⟩
    + ⟦ r <= P - 1 ⟧ * x⟨0, j, c⟩.

Definition grad_x (δ_y : Z -> Z -> Z -> R) (r j c : Z) : R :=
  ⟦ - r = 0 ⟧ * (\sum_(0 <= i <= P - 1) δ_y⟨i, j, c⟩) + ⟦ H - r - 1 = 0 ⟧
    * (\sum_(0 <= i <= Q - 1) δ_y⟨i + H + P, j, c⟩) + δ_y⟨r + P, j, c⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= r <= H + P + Q - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) δ_y⟨r, j, c⟩ * (y
        (fun i j c => x⟨i, j, c⟩ + dx⟨i, j, c⟩) r j c - y x r j c) =
    \sum_(0 <= r <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_x δ_y r j c
        * dx⟨r, j, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : Z * (Z * (Z * ((unit + unit) + unit))) => match p return Z * (Z * (Z * (((Z * unit)
    + (Z * unit)) + unit))) with | (r, (j, (c, (inl (inl tt))))) => (H - 1, (j, (c, (inl (inr (r
    - H - P, tt))))))%Z | (r, (j, (c, (inl (inr tt))))) => (r - P, (j, (c, (inr tt))))%Z | (r, (j,
    (c, (inr tt)))) => (0, (j, (c, (inl (inl (r, tt))))))%Z end)
  (fun q : Z * (Z * (Z * (((Z * unit) + (Z * unit)) + unit))) => match q return Z * (Z * (Z
    * ((unit + unit) + unit))) with | (r, (j, (c, (inl (inr (i, tt)))))) => (i + H + P, (j, (c,
    (inl (inl tt)))))%Z | (r, (j, (c, (inr tt)))) => (r + P, (j, (c, (inl (inr tt)))))%Z | (r, (j,
    (c, (inl (inl (i, tt)))))) => (i, (j, (c, (inr tt))))%Z end).
Qed.

End Pad_padding_P_Q_mode_replicate.
Print Assumptions derivative_x_holds.
