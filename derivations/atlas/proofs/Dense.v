(* Dense

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Dense.

Variable R : comRingType.
Variables C U : Z.

Definition sizes : Prop :=
  (0 < C /\
   0 < U)%Z.

(* * Definitions *)

Definition z (x : Z -> R) (w : Z -> Z -> R) (b : Z -> R) (m : Z) : R :=
  \sum_(0 <= q <= C - 1) w⟨m, q⟩ * x⟨q⟩ + b⟨m⟩.

Definition grad_w (x : Z -> R) (δ_z : Z -> R) (m q : Z) : R :=
  δ_z⟨m⟩ * x⟨q⟩.

Definition grad_b (δ_z : Z -> R) (m : Z) : R :=
  δ_z⟨m⟩.

Definition grad_x (w : Z -> Z -> R) (δ_z : Z -> R) (q : Z) : R :=
  \sum_(0 <= m <= U - 1) δ_z⟨m⟩ * w⟨m, q⟩.

(* * Claims *)

Definition derivative_w : Prop := sizes ->
  forall (x : Z -> R) (w dw : Z -> Z -> R) (b : Z -> R) (δ_z : Z -> R),
    \sum_(0 <= m <= U - 1) δ_z⟨m⟩ * (z x (fun m q => w⟨m, q⟩ + dw⟨m, q⟩) b m - z x w b m) =
    \sum_(0 <= m <= U - 1) \sum_(0 <= q <= C - 1) grad_w x δ_z m q * dw⟨m, q⟩.

Definition derivative_b : Prop := sizes ->
  forall (x : Z -> R) (w : Z -> Z -> R) (b db : Z -> R) (δ_z : Z -> R),
    \sum_(0 <= m <= U - 1) δ_z⟨m⟩ * (z x w (fun m => b⟨m⟩ + db⟨m⟩) m - z x w b m) =
    \sum_(0 <= m <= U - 1) grad_b δ_z m * db⟨m⟩.

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> R) (w : Z -> Z -> R) (b : Z -> R) (δ_z : Z -> R),
    \sum_(0 <= m <= U - 1) δ_z⟨m⟩ * (z (fun q => x⟨q⟩ + dx⟨q⟩) w b m - z x w b m) =
    \sum_(0 <= q <= C - 1) grad_x w δ_z q * dx⟨q⟩.

(* * Proofs *)

Theorem derivative_w_holds : derivative_w.
Proof.
unfold derivative_w, sizes, z, grad_w.
adjoint
  (fun p : indices 2 => match p return indices 2 with | (m, (q, tt)) => (m, (q, tt))%Z end)
  (fun q : indices 2 => match q return indices 2 with | (m, (q, tt)) => (m, (q, tt))%Z end).
Qed.

Theorem derivative_b_holds : derivative_b.
Proof.
unfold derivative_b, sizes, z, grad_b.
adjoint
  (fun p : indices 1 => match p return indices 1 with | (m, tt) => (m, tt)%Z end)
  (fun q : indices 1 => match q return indices 1 with | (m, tt) => (m, tt)%Z end).
Qed.

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, z, grad_x.
adjoint
  (fun p : indices 2 => match p return indices 2 with | (m, (q, tt)) => (q, (m, tt))%Z end)
  (fun q : indices 2 => match q return indices 2 with | (q, (m, tt)) => (m, (q, tt))%Z end).
Qed.

End Dense.
Print Assumptions derivative_w_holds.
Print Assumptions derivative_b_holds.
Print Assumptions derivative_x_holds.
