(* BatchNorm

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.

   Not stated here: V (Pow is not algebra); mu (Pow is not algebra); x (Pow is not algebra).
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section BatchNorm.

Variable R : comRingType.
Variables H W C N : Z.
Variables ε : R.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < N)%Z.

(* * Definitions *)

Definition y (γ : Z -> R) (β : Z -> R) (xhat : Z -> Z -> Z -> Z -> R) (n i j c : Z) : R :=
  β⟨c⟩ + γ⟨c⟩ * xhat⟨n, i, j, c⟩.

Definition grad_xhat (γ : Z -> R) (δ_y : Z -> Z -> Z -> Z -> R) (n i j c : Z) : R :=
  δ_y⟨n, i, j, c⟩ * γ⟨c⟩.

Definition grad_γ (xhat : Z -> Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> Z -> R) (c : Z) : R :=
  \sum_(0 <= n <= N - 1) \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) δ_y⟨n, i, j, c⟩
    * xhat⟨n, i, j, c⟩.

Definition grad_β (δ_y : Z -> Z -> Z -> Z -> R) (c : Z) : R :=
  \sum_(0 <= n <= N - 1) \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) δ_y⟨n, i, j, c⟩.

(* * Claims *)

Definition derivative_xhat : Prop := sizes ->
  forall (γ : Z -> R) (β : Z -> R) (xhat dxhat : Z -> Z -> Z -> Z -> R)
      (δ_y : Z -> Z -> Z -> Z -> R),
    \sum_(0 <= n <= N - 1) \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1)
        \sum_(0 <= c <= C - 1) δ_y⟨n, i, j, c⟩ * (y γ β (fun n i j c => xhat⟨n, i, j, c⟩
        + dxhat⟨n, i, j, c⟩) n i j c - y γ β xhat n i j c) =
    \sum_(0 <= n <= N - 1) \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1)
        \sum_(0 <= c <= C - 1) grad_xhat γ δ_y n i j c * dxhat⟨n, i, j, c⟩.

Definition derivative_γ : Prop := sizes ->
  forall (γ d : Z -> R) (β : Z -> R) (xhat : Z -> Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> Z -> R),
    \sum_(0 <= n <= N - 1) \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1)
        \sum_(0 <= c <= C - 1) δ_y⟨n, i, j, c⟩ * (y (fun c => γ⟨c⟩ + d⟨c⟩) β xhat n i j c
        - y γ β xhat n i j c) =
    \sum_(0 <= c <= C - 1) grad_γ xhat δ_y c * d⟨c⟩.

Definition derivative_β : Prop := sizes ->
  forall (γ : Z -> R) (β d : Z -> R) (xhat : Z -> Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> Z -> R),
    \sum_(0 <= n <= N - 1) \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1)
        \sum_(0 <= c <= C - 1) δ_y⟨n, i, j, c⟩ * (y γ (fun c => β⟨c⟩ + d⟨c⟩) xhat n i j c
        - y γ β xhat n i j c) =
    \sum_(0 <= c <= C - 1) grad_β δ_y c * d⟨c⟩.

(* * Proofs *)

Theorem derivative_xhat_holds : derivative_xhat.
Proof.
unfold derivative_xhat, sizes, y, grad_xhat.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (n, (i, (j, (c, tt)))) => (n, (i, (j,
    (c, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (n, (i, (j, (c, tt)))) => (n, (i, (j,
    (c, tt))))%Z end).
Qed.

Theorem derivative_γ_holds : derivative_γ.
Proof.
unfold derivative_γ, sizes, y, grad_γ.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (n, (i, (j, (c, tt)))) => (c, (n, (i,
    (j, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (c, (n, (i, (j, tt)))) => (n, (i, (j,
    (c, tt))))%Z end).
Qed.

Theorem derivative_β_holds : derivative_β.
Proof.
unfold derivative_β, sizes, y, grad_β.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (n, (i, (j, (c, tt)))) => (c, (n, (i,
    (j, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (c, (n, (i, (j, tt)))) => (n, (i, (j,
    (c, tt))))%Z end).
Qed.

End BatchNorm.
Print Assumptions derivative_xhat_holds.
Print Assumptions derivative_γ_holds.
Print Assumptions derivative_β_holds.
