(* GRU

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.

   Not stated here: h (it is computed from itself at another step); v (it is computed from
   itself at another step); z (it is computed from itself at another step); r (tanh is not
   algebra); s (sigmoid is not algebra); a (sigmoid is not algebra).
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section GRU.

Variable R : comRingType.
Variables T C U : Z.

Definition sizes : Prop :=
  (0 < T /\
   0 < C /\
   0 < U)%Z.

(* * Definitions *)

Definition a (x : Z -> Z -> R) (w : Z -> Z -> Z -> R) (b : Z -> Z -> R) (t m k : Z) : R :=
  \sum_(0 <= c <= C - 1) w⟨m, k, c⟩ * x⟨t, c⟩ + b⟨m, k⟩.

Definition s (u : Z -> Z -> Z -> R) (d : Z -> Z -> R) (h : Z -> Z -> R) (t m k : Z) : R :=
  \sum_(0 <= j <= U - 1) ⟦ 0 <= t - 1 ⟧ * h⟨t - 1, j⟩ * u⟨m, k, j⟩ + d⟨m, k⟩.

Definition grad_w (x : Z -> Z -> R) (δ_a : Z -> Z -> Z -> R) (m k c : Z) : R :=
  \sum_(0 <= t <= T - 1) δ_a⟨t, m, k⟩ * x⟨t, c⟩.

Definition grad_u (h : Z -> Z -> R) (δ_s : Z -> Z -> Z -> R) (m k j : Z) : R :=
  \sum_(1 <= t <= T - 1) δ_s⟨t, m, k⟩ * h⟨t - 1, j⟩.

Definition grad_b (δ_a : Z -> Z -> Z -> R) (m k : Z) : R :=
  \sum_(0 <= t <= T - 1) δ_a⟨t, m, k⟩.

Definition grad_d (δ_s : Z -> Z -> Z -> R) (m k : Z) : R :=
  \sum_(0 <= t <= T - 1) δ_s⟨t, m, k⟩.

Definition grad_x (w : Z -> Z -> Z -> R) (δ_a : Z -> Z -> Z -> R) (t c : Z) : R :=
  \sum_(0 <= m <= 2) \sum_(0 <= k <= U - 1) δ_a⟨t, m, k⟩ * w⟨m, k, c⟩.

(* * Claims *)

Definition derivative_w : Prop := sizes ->
  forall (x : Z -> Z -> R) (w dw : Z -> Z -> Z -> R) (b : Z -> Z -> R) (δ_a : Z -> Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= m <= 2) \sum_(0 <= k <= U - 1) δ_a⟨t, m, k⟩ * (a x
        (fun m k c => w⟨m, k, c⟩ + dw⟨m, k, c⟩) b t m k - a x w b t m k) =
    \sum_(0 <= m <= 2) \sum_(0 <= k <= U - 1) \sum_(0 <= c <= C - 1) grad_w x δ_a m k c
        * dw⟨m, k, c⟩.

Definition derivative_u : Prop := sizes ->
  forall (u du : Z -> Z -> Z -> R) (d : Z -> Z -> R) (h : Z -> Z -> R) (δ_s : Z -> Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= m <= 2) \sum_(0 <= k <= U - 1) δ_s⟨t, m, k⟩ * (s (fun m k j
        => u⟨m, k, j⟩ + du⟨m, k, j⟩) d h t m k - s u d h t m k) =
    \sum_(0 <= m <= 2) \sum_(0 <= k <= U - 1) \sum_(0 <= j <= U - 1) grad_u h δ_s m k j
        * du⟨m, k, j⟩.

Definition derivative_b : Prop := sizes ->
  forall (x : Z -> Z -> R) (w : Z -> Z -> Z -> R) (b db : Z -> Z -> R) (δ_a : Z -> Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= m <= 2) \sum_(0 <= k <= U - 1) δ_a⟨t, m, k⟩ * (a x w
        (fun m k => b⟨m, k⟩ + db⟨m, k⟩) t m k - a x w b t m k) =
    \sum_(0 <= m <= 2) \sum_(0 <= k <= U - 1) grad_b δ_a m k * db⟨m, k⟩.

Definition derivative_d : Prop := sizes ->
  forall (u : Z -> Z -> Z -> R) (d dd : Z -> Z -> R) (h : Z -> Z -> R) (δ_s : Z -> Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= m <= 2) \sum_(0 <= k <= U - 1) δ_s⟨t, m, k⟩ * (s u (fun m k
        => d⟨m, k⟩ + dd⟨m, k⟩) h t m k - s u d h t m k) =
    \sum_(0 <= m <= 2) \sum_(0 <= k <= U - 1) grad_d δ_s m k * dd⟨m, k⟩.

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> R) (w : Z -> Z -> Z -> R) (b : Z -> Z -> R) (δ_a : Z -> Z -> Z -> R),
    \sum_(0 <= t <= T - 1) \sum_(0 <= m <= 2) \sum_(0 <= k <= U - 1) δ_a⟨t, m, k⟩ * (a (fun t c
        => x⟨t, c⟩ + dx⟨t, c⟩) w b t m k - a x w b t m k) =
    \sum_(0 <= t <= T - 1) \sum_(0 <= c <= C - 1) grad_x w δ_a t c * dx⟨t, c⟩.

(* * Proofs *)

Theorem derivative_w_holds : derivative_w.
Proof.
unfold derivative_w, sizes, a, grad_w.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (t, (m, (k, (c, tt)))) => (m, (k, (c,
    (t, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (m, (k, (c, (t, tt)))) => (t, (m, (k,
    (c, tt))))%Z end).
Qed.

Theorem derivative_u_holds : derivative_u.
Proof.
unfold derivative_u, sizes, s, grad_u.
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

Theorem derivative_d_holds : derivative_d.
Proof.
unfold derivative_d, sizes, s, grad_d.
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
  (fun p : indices 4 => match p return indices 4 with | (t, (m, (k, (c, tt)))) => (t, (c, (m,
    (k, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (t, (c, (m, (k, tt)))) => (t, (m, (k,
    (c, tt))))%Z end).
Qed.

End GRU.
Print Assumptions derivative_w_holds.
Print Assumptions derivative_u_holds.
Print Assumptions derivative_b_holds.
Print Assumptions derivative_d_holds.
Print Assumptions derivative_x_holds.
