(* RNN

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.

   Not stated here: a (tanh is not algebra).
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section RNN.

Variable R : comRingType.
Variables T C U : Z.

Definition sizes : Prop :=
  (0 < T /\
   0 < C /\
   0 < U)%Z.

(* * Definitions *)

Definition a (x : Z -> Z -> R) (w : Z -> Z -> R) (u : Z -> Z -> R) (b : Z -> R) (h : Z -> Z -> R)
    (t k : Z) : R :=
  \sum_(0 <= j <= U - 1) ⟦ 0 <= t - 1 ⟧ * h⟨t - 1, j⟩ * u⟨k, j⟩ + \sum_(0 <= c <= C - 1) w⟨k, c⟩
    * x⟨t, c⟩ + b⟨k⟩.

Definition y (h : Z -> Z -> R) (t k : Z) : R :=
  h⟨t, k⟩.

Definition grad_h (u : Z -> Z -> R) (δ_a : Z -> Z -> R) (δ_y : Z -> Z -> R) (t k : Z) : R :=
  ⟦ t + 1 <= T - 1 ⟧ * (\sum_(0 <= j <= U - 1) δ_a⟨t + 1, j⟩ * u⟨j, k⟩) + δ_y⟨t, k⟩.

Definition grad_w (x : Z -> Z -> R) (δ_a : Z -> Z -> R) (k c : Z) : R :=
  \sum_(0 <= t <= T - 1) δ_a⟨t, k⟩ * x⟨t, c⟩.

Definition grad_u (h : Z -> Z -> R) (δ_a : Z -> Z -> R) (k j : Z) : R :=
  \sum_(1 <= t <= T - 1) δ_a⟨t, k⟩ * h⟨t - 1, j⟩.

Definition grad_b (δ_a : Z -> Z -> R) (k : Z) : R :=
  \sum_(0 <= t <= T - 1) δ_a⟨t, k⟩.

Definition grad_x (w : Z -> Z -> R) (δ_a : Z -> Z -> R) (t c : Z) : R :=
  \sum_(0 <= k <= U - 1) δ_a⟨t, k⟩ * w⟨k, c⟩.

(* * Claims *)

Definition derivative_h : Prop := sizes ->
  forall (x : Z -> Z -> R) (w : Z -> Z -> R) (u : Z -> Z -> R) (b : Z -> R) (h dh : Z -> Z -> R)
      (δ_a : Z -> Z -> R) (δ_y : Z -> Z -> R),
    (\sum_(0 <= t <= T - 1) \sum_(0 <= k <= U - 1) δ_a⟨t, k⟩ * (a x w u b (fun t k => h⟨t, k⟩
        + dh⟨t, k⟩) t k - a x w u b h t k)) +
    (\sum_(0 <= t <= T - 1) \sum_(0 <= k <= U - 1) δ_y⟨t, k⟩ * (y (fun t k => h⟨t, k⟩
        + dh⟨t, k⟩) t k - y h t k)) =
    \sum_(0 <= t <= T - 1) \sum_(0 <= k <= U - 1) grad_h u δ_a δ_y t k * dh⟨t, k⟩.

Definition derivative_w : Prop := sizes ->
  forall (x : Z -> Z -> R) (w dw : Z -> Z -> R) (u : Z -> Z -> R) (b : Z -> R) (h : Z -> Z -> R)
      (δ_a : Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= k <= U - 1) δ_a⟨t, k⟩ * (a x (fun k c => w⟨k, c⟩
        + dw⟨k, c⟩) u b h t k - a x w u b h t k) =
    \sum_(0 <= k <= U - 1) \sum_(0 <= c <= C - 1) grad_w x δ_a k c * dw⟨k, c⟩.

Definition derivative_u : Prop := sizes ->
  forall (x : Z -> Z -> R) (w : Z -> Z -> R) (u du : Z -> Z -> R) (b : Z -> R) (h : Z -> Z -> R)
      (δ_a : Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= k <= U - 1) δ_a⟨t, k⟩ * (a x w (fun k j => u⟨k, j⟩
        + du⟨k, j⟩) b h t k - a x w u b h t k) =
    \sum_(0 <= k <= U - 1) \sum_(0 <= j <= U - 1) grad_u h δ_a k j * du⟨k, j⟩.

Definition derivative_b : Prop := sizes ->
  forall (x : Z -> Z -> R) (w : Z -> Z -> R) (u : Z -> Z -> R) (b db : Z -> R) (h : Z -> Z -> R)
      (δ_a : Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= k <= U - 1) δ_a⟨t, k⟩ * (a x w u (fun k => b⟨k⟩
        + db⟨k⟩) h t k - a x w u b h t k) =
    \sum_(0 <= k <= U - 1) grad_b δ_a k * db⟨k⟩.

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> R) (w : Z -> Z -> R) (u : Z -> Z -> R) (b : Z -> R) (h : Z -> Z -> R)
      (δ_a : Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= k <= U - 1) δ_a⟨t, k⟩ * (a (fun t c => x⟨t, c⟩
        + dx⟨t, c⟩) w u b h t k - a x w u b h t k) =
    \sum_(0 <= t <= T - 1) \sum_(0 <= c <= C - 1) grad_x w δ_a t c * dx⟨t, c⟩.

(* * Proofs *)

Theorem derivative_h_holds : derivative_h.
Proof.
unfold derivative_h, sizes, a, y, grad_h.
adjoint
  (fun p : (Z * (Z * (Z * unit))) + (Z * (Z * unit)) => match p return Z * (Z * ((Z * unit)
    + unit)) with | (inl (t, (k, (j, tt)))) => (t - 1, (j, (inl (k, tt))))%Z | (inr (t, (k, tt)))
    => (t, (k, (inr tt)))%Z end)
  (fun q : Z * (Z * ((Z * unit) + unit)) => match q return (Z * (Z * (Z * unit))) + (Z * (Z
    * unit)) with | (t, (k, (inl (j, tt)))) => (inl (t + 1, (j, (k, tt))))%Z | (t, (k, (inr tt)))
    => (inr (t, (k, tt)))%Z end).
Qed.

Theorem derivative_w_holds : derivative_w.
Proof.
unfold derivative_w, sizes, a, grad_w.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (t, (k, (c, tt))) => (k, (c,
    (t, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (k, (c, (t, tt))) => (t, (k,
    (c, tt)))%Z end).
Qed.

Theorem derivative_u_holds : derivative_u.
Proof.
unfold derivative_u, sizes, a, grad_u.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (t, (k, (j, tt))) => (k, (j,
    (t, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (k, (j, (t, tt))) => (t, (k,
    (j, tt)))%Z end).
Qed.

Theorem derivative_b_holds : derivative_b.
Proof.
unfold derivative_b, sizes, a, grad_b.
adjoint
  (fun p : indices 2 => match p return indices 2 with | (t, (k, tt)) => (k, (t, tt))%Z end)
  (fun q : indices 2 => match q return indices 2 with | (k, (t, tt)) => (t, (k, tt))%Z end).
Qed.

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, a, grad_x.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (t, (k, (c, tt))) => (t, (c,
    (k, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (t, (c, (k, tt))) => (t, (k,
    (c, tt)))%Z end).
Qed.

End RNN.
Print Assumptions derivative_h_holds.
Print Assumptions derivative_w_holds.
Print Assumptions derivative_u_holds.
Print Assumptions derivative_b_holds.
Print Assumptions derivative_x_holds.
