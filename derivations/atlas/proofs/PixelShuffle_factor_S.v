(* PixelShuffle (factor S)

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section PixelShuffle_factor_S.

Variable R : comRingType.
Variables H W C S : Z.

Definition sizes : Prop :=
  (0 < H /\
   0 < W /\
   0 < C /\
   0 < S)%Z.

(* * Definitions *)

Definition y (x : Z -> Z -> Z -> R) (i j u v r : Z) : R :=
  x⟨i, j, S * S * r + S * u + v⟩.

Definition grad_x (δ_y : Z -> Z -> Z -> R) (r u i v j : Z) : R :=
  δ_y⟨S * i + u, S * j + v, r⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> Z -> Z -> R) (δ_y : Z -> Z -> Z -> R),
    \sum_(0 <= i <= H - 1) \sum_(0 <= j <= W - 1) \sum_(0 <= u <= S - 1) \sum_(0 <= v <= S - 1)
        \sum_(0 <= r <= C - 1) δ_y⟨S * i + u, S * j + v, r⟩ * (y (fun i j c => x⟨i, j, c⟩
        + dx⟨i, j, c⟩) i j u v r - y x i j u v r) =
    \sum_(0 <= r <= C - 1) \sum_(0 <= u <= S - 1) \sum_(0 <= i <= H - 1) \sum_(0 <= v <= S - 1)
        \sum_(0 <= j <= W - 1) grad_x δ_y r u i v j * dx⟨i, j, S * S * r + S * u + v⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 5 => match p return indices 5 with | (i, (j, (u, (v, (r, tt))))) => (r, (u, (i,
    (v, (j, tt)))))%Z end)
  (fun q : indices 5 => match q return indices 5 with | (r, (u, (i, (v, (j, tt))))) => (i, (j, (u,
    (v, (r, tt)))))%Z end).
Qed.

End PixelShuffle_factor_S.
Print Assumptions derivative_x_holds.
