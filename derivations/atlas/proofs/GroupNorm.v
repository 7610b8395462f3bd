(* GroupNorm

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.

   Not stated here: V (Pow is not algebra); mu (Pow is not algebra); x (Pow is not algebra).
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section GroupNorm.

Variable R : comRingType.
Variables H W C G : Z.
Variables ε : R.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < G)%Z.

(* * Definitions *)

Definition y (γ : Z -> R) (β : Z -> R) (xhat : Z -> Z -> Z -> R) (i j r : Z) : R :=
  β⟨r⟩ + γ⟨r⟩ * xhat⟨i, j, r⟩.

Definition grad_xhat (γ : Z -> R) (δ_y : Z -> Z -> Z -> R) (i j r : Z) : R :=
  δ_y⟨i, j, r⟩ * γ⟨r⟩.

Definition grad_γ (xhat : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R) (r : Z) : R :=
  \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) δ_y⟨i, j, r⟩ * xhat⟨i, j, r⟩.

Definition grad_β (δ_y : Z -> Z -> Z -> R) (r : Z) : R :=
  \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) δ_y⟨i, j, r⟩.

(* * Claims *)

Definition derivative_xhat : Prop := sizes ->
  forall (γ : Z -> R) (β : Z -> R) (xhat dxhat : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= r <= C * G - 1) δ_y⟨i, j, r⟩ * (y γ β
        (fun i j r => xhat⟨i, j, r⟩ + dxhat⟨i, j, r⟩) i j r - y γ β xhat i j r) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= r <= C * G - 1) grad_xhat γ δ_y i j r
        * dxhat⟨i, j, r⟩.

Definition derivative_γ : Prop := sizes ->
  forall (γ d : Z -> R) (β : Z -> R) (xhat : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= r <= C * G - 1) δ_y⟨i, j, r⟩ * (y
        (fun r => γ⟨r⟩ + d⟨r⟩) β xhat i j r - y γ β xhat i j r) =
    \sum_(0 <= r <= C * G - 1) grad_γ xhat δ_y r * d⟨r⟩.

Definition derivative_β : Prop := sizes ->
  forall (γ : Z -> R) (β d : Z -> R) (xhat : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= r <= C * G - 1) δ_y⟨i, j, r⟩ * (y γ
        (fun r => β⟨r⟩ + d⟨r⟩) xhat i j r - y γ β xhat i j r) =
    \sum_(0 <= r <= C * G - 1) grad_β δ_y r * d⟨r⟩.

(* * Proofs *)

Theorem derivative_xhat_holds : derivative_xhat.
Proof.
unfold derivative_xhat, sizes, y, grad_xhat.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (j, (r, tt))) => (i, (j,
    (r, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (i, (j, (r, tt))) => (i, (j,
    (r, tt)))%Z end).
Qed.

Theorem derivative_γ_holds : derivative_γ.
Proof.
unfold derivative_γ, sizes, y, grad_γ.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (j, (r, tt))) => (r, (i,
    (j, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (r, (i, (j, tt))) => (i, (j,
    (r, tt)))%Z end).
Qed.

Theorem derivative_β_holds : derivative_β.
Proof.
unfold derivative_β, sizes, y, grad_β.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (j, (r, tt))) => (r, (i,
    (j, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (r, (i, (j, tt))) => (i, (j,
    (r, tt)))%Z end).
Qed.

End GroupNorm.
Print Assumptions derivative_xhat_holds.
Print Assumptions derivative_γ_holds.
Print Assumptions derivative_β_holds.
