(* Upsample2D

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section Upsample2D.

Variable R : comRingType.
Variables H W C S T : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < S /\
   0 < T)%Z.

(* * Definitions *)

Definition y (x : Z -> Z -> Z -> R) (i j c u v : Z) : R :=
  x⟨i, j, c⟩.

Definition grad_x (δ_y : Z -> Z -> Z -> R) (i j c : Z) : R :=
  \sum_(0 <= u <= S - 1) \sum_(0 <= v <= T - 1) δ_y⟨S * i + u, T * j + v, c⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) \sum_(0 <= u <= S - 1)
        \sum_(0 <= v <= T - 1) δ_y⟨S * i + u, T * j + v, c⟩ * (y (fun i j c => x⟨i, j, c⟩
        + dx⟨i, j, c⟩) i j c u v - y x i j c u v) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_x δ_y i j c
        * dx⟨i, j, c⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 5 => match p return indices 5 with | (i, (j, (c, (u, (v, tt))))) => (i, (j, (c,
    (u, (v, tt)))))%Z end)
  (fun q : indices 5 => match q return indices 5 with | (i, (j, (c, (u, (v, tt))))) => (i, (j, (c,
    (u, (v, tt)))))%Z end).
Qed.

End Upsample2D.
Print Assumptions derivative_x_holds.
