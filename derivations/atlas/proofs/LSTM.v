(* LSTM

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.

   Not stated here: c (tanh is not algebra); o (tanh is not algebra); z (it is computed from
   itself at another step); f (it is computed from itself at another step); i (it is computed
   from itself at another step); a (sigmoid is not algebra).
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section LSTM.

Variable R : comRingType.
Variables T C U : Z.

Definition sizes : Prop :=
  (0 < T /\
   0 < C /\
   0 < U)%Z.

(* * Definitions *)

Definition a (x : Z -> Z -> R) (w : Z -> Z -> Z -> R) (u : Z -> Z -> Z -> R) (b : Z -> Z -> R)
    (h : Z -> Z -> R) (t m k : Z) : R :=
  \sum_(0 <= j <= U - 1) ⟦ 0 <= t - 1 ⟧ * h⟨t - 1, j⟩ * u⟨m, k, j⟩
    + \sum_(0 <= r <= C - 1) w⟨m, k, r⟩ * x⟨t, r⟩ + b⟨m, k⟩.

Definition y (h : Z -> Z -> R) (t k : Z) : R :=
  h⟨t, k⟩.

Definition grad_h (u : Z -> Z -> Z -> R) (δ_a : Z -> Z -> Z -> R) (δ_y : Z -> Z -> R)
    (t k : Z) : R :=
  ⟦ t + 1 <= T - 1 ⟧ * (\sum_(0 <= m <= 3) \sum_(0 <= j <= U - 1) δ_a⟨t + 1, m, j⟩ * u⟨m, j, k⟩)
    + δ_y⟨t, k⟩.

Definition grad_w (x : Z -> Z -> R) (δ_a : Z -> Z -> Z -> R) (m k r : Z) : R :=
  \sum_(0 <= t <= T - 1) δ_a⟨t, m, k⟩ * x⟨t, r⟩.

Definition grad_u (h : Z -> Z -> R) (δ_a : Z -> Z -> Z -> R) (m k j : Z) : R :=
  \sum_(1 <= t <= T - 1) δ_a⟨t, m, k⟩ * h⟨t - 1, j⟩.

Definition grad_b (δ_a : Z -> Z -> Z -> R) (m k : Z) : R :=
  \sum_(0 <= t <= T - 1) δ_a⟨t, m, k⟩.

Definition grad_x (w : Z -> Z -> Z -> R) (δ_a : Z -> Z -> Z -> R) (t r : Z) : R :=
  \sum_(0 <= m <= 3) \sum_(0 <= k <= U - 1) δ_a⟨t, m, k⟩ * w⟨m, k, r⟩.

(* * Claims *)

Definition derivative_h : Prop := sizes ->
  forall (x : Z -> Z -> R) (w : Z -> Z -> Z -> R) (u : Z -> Z -> Z -> R) (b : Z -> Z -> R)
      (h dh : Z -> Z -> R) (δ_a : Z -> Z -> Z -> R) (δ_y : Z -> Z -> R),
    (\sum_(0 <= t <= T - 1) \sum_(0 <= m <= 3) \sum_(0 <= k <= U - 1) δ_a⟨t, m, k⟩ * (a x w u b
        (fun t k => h⟨t, k⟩ + dh⟨t, k⟩) t m k - a x w u b h t m k)) +
    (\sum_(0 <= t <= T - 1) \sum_(0 <= k <= U - 1) δ_y⟨t, k⟩ * (y (fun t k => h⟨t, k⟩
        + dh⟨t, k⟩) t k - y h t k)) =
    \sum_(0 <= t <= T - 1) \sum_(0 <= k <= U - 1) grad_h u δ_a δ_y t k * dh⟨t, k⟩.

Definition derivative_w : Prop := sizes ->
  forall (x : Z -> Z -> R) (w dw : Z -> Z -> Z -> R) (u : Z -> Z -> Z -> R) (b : Z -> Z -> R)
      (h : Z -> Z -> R) (δ_a : Z -> Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= m <= 3) \sum_(0 <= k <= U - 1) δ_a⟨t, m, k⟩ * (a x
        (fun m k r => w⟨m, k, r⟩ + dw⟨m, k, r⟩) u b h t m k - a x w u b h t m k) =
    \sum_(0 <= m <= 3) \sum_(0 <= k <= U - 1) \sum_(0 <= r <= C - 1) grad_w x δ_a m k r
        * dw⟨m, k, r⟩.

Definition derivative_u : Prop := sizes ->
  forall (x : Z -> Z -> R) (w : Z -> Z -> Z -> R) (u du : Z -> Z -> Z -> R) (b : Z -> Z -> R)
      (h : Z -> Z -> R) (δ_a : Z -> Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= m <= 3) \sum_(0 <= k <= U - 1) δ_a⟨t, m, k⟩ * (a x w
        (fun m k j => u⟨m, k, j⟩ + du⟨m, k, j⟩) b h t m k - a x w u b h t m k) =
    \sum_(0 <= m <= 3) \sum_(0 <= k <= U - 1) \sum_(0 <= j <= U - 1) grad_u h δ_a m k j
        * du⟨m, k, j⟩.

Definition derivative_b : Prop := sizes ->
  forall (x : Z -> Z -> R) (w : Z -> Z -> Z -> R) (u : Z -> Z -> Z -> R) (b db : Z -> Z -> R)
      (h : Z -> Z -> R) (δ_a : Z -> Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= m <= 3) \sum_(0 <= k <= U - 1) δ_a⟨t, m, k⟩ * (a x w u
        (fun m k => b⟨m, k⟩ + db⟨m, k⟩) h t m k - a x w u b h t m k) =
    \sum_(0 <= m <= 3) \sum_(0 <= k <= U - 1) grad_b δ_a m k * db⟨m, k⟩.

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> R) (w : Z -> Z -> Z -> R) (u : Z -> Z -> Z -> R) (b : Z -> Z -> R)
      (h : Z -> Z -> R) (δ_a : Z -> Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= m <= 3) \sum_(0 <= k <= U - 1) δ_a⟨t, m, k⟩ * (a (fun t r
        => x⟨t, r⟩ + dx⟨t, r⟩) w u b h t m k - a x w u b h t m k) =
    \sum_(0 <= t <= T - 1) \sum_(0 <= r <= C - 1) grad_x w δ_a t r * dx⟨t, r⟩.

(* * Proofs *)

Theorem derivative_h_holds : derivative_h.
Proof.
unfold derivative_h, sizes, a, y, grad_h.
adjoint
  (fun p : (Z * (Z * (Z * (Z * unit)))) + (Z * (Z * unit)) => match p return Z * (Z * ((Z * (Z
    * unit)) + unit)) with | (inl (t, (m, (k, (j, tt))))) => (t - 1, (j, (inl (m, (k, tt)))))%Z |
    (inr (t, (k, tt))) => (t, (k, (inr tt)))%Z end)
  (fun q : Z * (Z * ((Z * (Z * unit)) + unit)) => match q return (Z * (Z * (Z * (Z * unit)))) + (Z
    * (Z * unit)) with | (t, (k, (inl (m, (j, tt))))) => (inl (t + 1, (m, (j, (k, tt)))))%Z | (t,
    (k, (inr tt))) => (inr (t, (k, tt)))%Z end).
Qed.

Theorem derivative_w_holds : derivative_w.
Proof.
unfold derivative_w, sizes, a, grad_w.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (t, (m, (k, (r, tt)))) => (m, (k, (r,
    (t, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (m, (k, (r, (t, tt)))) => (t, (m, (k,
    (r, tt))))%Z end).
Qed.

Theorem derivative_u_holds : derivative_u.
Proof.
unfold derivative_u, sizes, a, grad_u.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (t, (m, (k, (j, tt)))) => (m, (k, (j,
    (t, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (m, (k, (j, (t, tt)))) => (t, (m, (k,
    (j, tt))))%Z end).
Qed.

Theorem derivative_b_holds : derivative_b.
Proof.
unfold derivative_b, sizes, a, grad_b.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (t, (m, (k, tt))) => (m, (k,
    (t, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (m, (k, (t, tt))) => (t, (m,
    (k, tt)))%Z end).
Qed.

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, a, grad_x.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (t, (m, (k, (r, tt)))) => (t, (r, (m,
    (k, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (t, (r, (m, (k, tt)))) => (t, (m, (k,
    (r, tt))))%Z end).
Qed.

End LSTM.
Print Assumptions derivative_h_holds.
Print Assumptions derivative_w_holds.
Print Assumptions derivative_u_holds.
Print Assumptions derivative_b_holds.
Print Assumptions derivative_x_holds.
