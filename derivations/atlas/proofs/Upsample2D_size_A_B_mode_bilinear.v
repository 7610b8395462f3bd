(* Upsample2D (size A × B, mode bilinear)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Upsample2D_size_A_B_mode_bilinear.

Variable R : comRingType.
Variables H W C A B : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < A /\
   0 < B)%Z.

(* * Definitions *)

Definition y (V : Z -> Z -> R) (v : Z -> Z -> Z -> R) (r s c : Z) : R :=
  \sum_(0 <= j <= W - 1) V⟨s, j⟩ * v⟨r, j, c⟩.

Definition v (x : Z -> Z -> Z -> R) (U : Z -> Z -> R) (r j c : Z) : R :=
  \sum_(0 <= i <= H - 1) U⟨r, i⟩ * x⟨i, j, c⟩.

Definition grad_v (V : Z -> Z -> R) (δ_y : Z -> Z -> Z -> R) (r j c : Z) : R :=
  \sum_(0 <= s <= B - 1) δ_y⟨r, s, c⟩ * V⟨s, j⟩.

Definition grad_x (U : Z -> Z -> R) (δ_v : Z -> Z -> Z -> R) (i j c : Z) : R :=
  \sum_(0 <= r <= A - 1) δ_v⟨r, j, c⟩ * U⟨r, i⟩.

(* * Claims *)

Definition derivative_v : Prop := sizes ->
  forall (V : Z -> Z -> R) (v dv : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= r <= A - 1) \sum_(0 <= s <= B - 1) \sum_(0 <= c <= C - 1) δ_y⟨r, s, c⟩ * (y V
        (fun r j c => v⟨r, j, c⟩ + dv⟨r, j, c⟩) r s c - y V v r s c) =
    \sum_(0 <= r <= A - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_v V δ_y r j c
        * dv⟨r, j, c⟩.

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (U : Z -> Z -> R) (δ_v : Z -> Z -> Z -> R),
    \sum_(0 <= r <= A - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) δ_v⟨r, j, c⟩ * (v
        (fun i j c => x⟨i, j, c⟩ + dx⟨i, j, c⟩) U r j c - v x U r j c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_x U δ_v i j c
        * dx⟨i, j, c⟩.

(* * Proofs *)

Theorem derivative_v_holds : derivative_v.
Proof.
unfold derivative_v, sizes, y, grad_v.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (r, (s, (c, (j, tt)))) => (r, (j, (c,
    (s, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (r, (j, (c, (s, tt)))) => (r, (s, (c,
    (j, tt))))%Z end).
Qed.

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, v, grad_x.
adjoint
  (fun p : indices 4 => match p return indices 4 with | (r, (j, (c, (i, tt)))) => (i, (j, (c,
    (r, tt))))%Z end)
  (fun q : indices 4 => match q return indices 4 with | (i, (j, (c, (r, tt)))) => (r, (j, (c,
    (i, tt))))%Z end).
Qed.

End Upsample2D_size_A_B_mode_bilinear.
Print Assumptions derivative_v_holds.
Print Assumptions derivative_x_holds.
