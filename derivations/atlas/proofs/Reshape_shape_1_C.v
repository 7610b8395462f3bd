(* Reshape (shape -1 × C)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Reshape_shape_1_C.

Variable R : comRingType.
Variables H W C : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C)%Z.

(* * Definitions *)

Definition y (x : Z -> Z -> Z -> R) (i j c : Z) : R :=
  x⟨i, j, c⟩.

Definition grad_x (δ_y : Z -> Z -> R) (i j c : Z) : R :=
  δ_y⟨W * i + j, c⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (δ_y : Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) δ_y⟨W * i + j, c⟩ * (y
        (fun i j c => x⟨i, j, c⟩ + dx⟨i, j, c⟩) i j c - y x i j c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_x δ_y i j c
        * dx⟨i, j, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (j, (c, tt))) => (i, (j,
    (c, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (i, (j, (c, tt))) => (i, (j,
    (c, tt)))%Z end).
Qed.

End Reshape_shape_1_C.
Print Assumptions derivative_x_holds.
