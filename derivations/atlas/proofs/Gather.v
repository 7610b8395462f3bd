(* Gather

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Gather.

Variable R : comRingType.
Variables H W C F : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < F)%Z.

(* * Definitions *)

Definition y (x : Z -> Z -> Z -> R) (ρ : Z -> R) (r j c : Z) : R :=
  \sum_(0 <= i <= H - 1) ⟦ ρ⟨r⟩ == whole i ⟧ * x⟨i, j, c⟩.

Definition grad_x (ρ : Z -> R) (δ_y : Z -> Z -> Z -> R) (i j c : Z) : R :=
  \sum_(0 <= r <= F - 1) ⟦ ρ⟨r⟩ == whole i ⟧ * δ_y⟨r, j, c⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (ρ : Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= r <= F - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) δ_y⟨r, j, c⟩ * (y
        (fun i j c => x⟨i, j, c⟩ + dx⟨i, j, c⟩) ρ r j c - y x ρ r j c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_x ρ δ_y i j c
        * dx⟨i, j, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (r, (j, (c, (i, tt)))) => (i, (j, (c,
    (r, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (i, (j, (c, (r, tt)))) => (r, (j, (c,
    (i, tt))))%Z end).
Qed.

End Gather.
Print Assumptions derivative_x_holds.
