(* RMSNorm

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.

   Not stated here: V (Pow is not algebra); x (Pow is not algebra).
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section RMSNorm.

Variable R : comRingType.
Variables H W C : Z.
Variables ε : R.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C)%Z.

(* * Definitions *)

Definition y (γ : Z -> R) (xhat : Z -> Z -> Z -> R) (i j c : Z) : R :=
  γ⟨c⟩ * xhat⟨i, j, c⟩.

Definition grad_xhat (γ : Z -> R) (δ_y : Z -> Z -> Z -> R) (i j c : Z) : R :=
  δ_y⟨i, j, c⟩ * γ⟨c⟩.

Definition grad_γ (xhat : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R) (c : Z) : R :=
  \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) δ_y⟨i, j, c⟩ * xhat⟨i, j, c⟩.

(* * Claims *)

Definition derivative_xhat : Prop := sizes ->
  forall (γ : Z -> R) (xhat dxhat : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) δ_y⟨i, j, c⟩ * (y γ
        (fun i j c => xhat⟨i, j, c⟩ + dxhat⟨i, j, c⟩) i j c - y γ xhat i j c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_xhat γ δ_y i j c
        * dxhat⟨i, j, c⟩.

Definition derivative_γ : Prop := sizes ->
  forall (γ d : Z -> R) (xhat : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) δ_y⟨i, j, c⟩ * (y (fun c
        => γ⟨c⟩ + d⟨c⟩) xhat i j c - y γ xhat i j c) =
    \sum_(0 <= c <= C - 1) grad_γ xhat δ_y c * d⟨c⟩.

(* * Proofs *)

Theorem derivative_xhat_holds : derivative_xhat.
Proof.
unfold derivative_xhat, sizes, y, grad_xhat.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (j, (c, tt))) => (i, (j,
    (c, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (i, (j, (c, tt))) => (i, (j,
    (c, tt)))%Z end).
Qed.

Theorem derivative_γ_holds : derivative_γ.
Proof.
unfold derivative_γ, sizes, y, grad_γ.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (j, (c, tt))) => (c, (i,
    (j, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (c, (i, (j, tt))) => (i, (j,
    (c, tt)))%Z end).
Qed.

End RMSNorm.
Print Assumptions derivative_xhat_holds.
Print Assumptions derivative_γ_holds.
