(* AddParameter (shape H × W × C)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section AddParameter_shape_H_W_C.

Variable R : comRingType.
Variables H W C : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C)%Z.

(* * Definitions *)

Definition y (x : Z -> Z -> Z -> R) (β : Z -> Z -> Z -> R) (i j c : Z) : R :=
  β⟨i, j, c⟩ + x⟨i, j, c⟩.

Definition grad_β (δ_y : Z -> Z -> Z -> R) (i j c : Z) : R :=
  δ_y⟨i, j, c⟩.

Definition grad_x (δ_y : Z -> Z -> Z -> R) (i j c : Z) : R :=
  δ_y⟨i, j, c⟩.

(* * Claims *)

Definition derivative_β : Prop := sizes ->
  forall (x : Z -> Z -> Z -> R) (β d : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) δ_y⟨i, j, c⟩ * (y x
        (fun i j c => β⟨i, j, c⟩ + d⟨i, j, c⟩) i j c - y x β i j c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_β δ_y i j c
        * d⟨i, j, c⟩.

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (β : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) δ_y⟨i, j, c⟩ * (y
        (fun i j c => x⟨i, j, c⟩ + dx⟨i, j, c⟩) β i j c - y x β i j c) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_x δ_y i j c
        * dx⟨i, j, c⟩.

(* * Proofs *)

Theorem derivative_β_holds : derivative_β.
Proof.
unfold derivative_β, sizes, y, grad_β.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (j, (c, tt))) => (i, (j,
    (c, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (i, (j, (c, tt))) => (i, (j,
    (c, tt)))%Z end).
Qed.

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 3 => match p return indices 3 with | (i, (j, (c, tt))) => (i, (j,
    (c, tt)))%Z end)
  (fun q : indices 3 => match q return indices 3 with | (i, (j, (c, tt))) => (i, (j,
    (c, tt)))%Z end).
Qed.

End AddParameter_shape_H_W_C.
Print Assumptions derivative_β_holds.
Print Assumptions derivative_x_holds.
