(* MaxUnpool2D (pool size K × J)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section MaxUnpool2D_pool_size_K_J.

Variable R : comRingType.
Variables C H J K W : Z.

Definition sizes : Prop :=
  (0 < C /\
   0 < H /\
   0 < J /\
   0 < K /\
   0 < W)%Z.

(* * Definitions *)

Definition y (p : Z -> Z -> Z -> R) (n : Z -> Z -> Z -> Z -> Z -> R) (i j c u v : Z) : R :=
  ⟦ n⟨i, j, c, u, v⟩ == whole (0) ⟧ * p⟨i, j, c⟩.

Definition grad_p (n : Z -> Z -> Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R) (i j c : Z) : R :=
  \sum_(0 <= u <= K - 1) \sum_(0 <= v <= J - 1) ⟦ n⟨i, j, c, u, v⟩ == whole (0) ⟧
    * δ_y⟨K * i + u, J * j + v, c⟩.

(* * Claims *)

Definition derivative_p : Prop := sizes ->
  forall (p dp : Z -> Z -> Z -> R) (n : Z -> Z -> Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) \sum_(0 <= u <= K - 1)
        \sum_(0 <= v <= J - 1) δ_y⟨K * i + u, J * j + v, c⟩ * (y (fun i j c => p⟨i, j, c⟩
        + dp⟨i, j, c⟩) n i j c u v - y p n i j c u v) =
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= c <= C - 1) grad_p n δ_y i j c
        * dp⟨i, j, c⟩.

(* * Proofs *)

Theorem derivative_p_holds : derivative_p.
Proof.
unfold derivative_p, sizes, y, grad_p.
adjoint
  (fun p : indices 5 => match p return indices 5 with | (i, (j, (c, (u, (v, tt))))) => (i, (j, (c,
    (u, (v, tt)))))%Z end)
  (fun q : indices 5 => match q return indices 5 with | (i, (j, (c, (u, (v, tt))))) => (i, (j, (c,
    (u, (v, tt)))))%Z end).
Qed.

End MaxUnpool2D_pool_size_K_J.
Print Assumptions derivative_p_holds.
