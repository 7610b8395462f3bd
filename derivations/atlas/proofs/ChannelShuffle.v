(* ChannelShuffle

   An index is an integer, a tensor a function of them, with any values outside of
   its shape. What is affine changes by its derivative, however far it is changed.
*)

From symcnn Require Import sums.
Local Open Scope ring_scope.

Section ChannelShuffle.

Variable R : comRingType.
Variables C G : Z.

Definition sizes : Prop :=
  (0 < C /\
   0 < G)%Z.

(* * Definitions *)

Definition y (x : Z -> R) (s m : Z) : R :=
  x⟨m + C * s⟩.

Definition grad_x (δ_y : Z -> R) (s m : Z) : R :=
  δ_y⟨G * m + s⟩.

(* * Claims *)

Definition derivative_x : Prop := sizes ->
  forall (x dx : Z -> R) (δ_y : Z -> R),
    \sum_(0 <= s <= G - 1) \sum_(0 <= m <= C - 1) δ_y⟨G * m + s⟩ * (y (fun q => x⟨q⟩ + dx⟨q⟩) s m
        - y x s m) =
    \sum_(0 <= s <= G - 1) \sum_(0 <= m <= C - 1) grad_x δ_y s m * dx⟨m + C * s⟩.

(* * Proofs *)

Theorem derivative_x_holds : derivative_x.
Proof.
unfold derivative_x, sizes, y, grad_x.
adjoint
  (fun p : indices 2 => match p return indices 2 with | (s, (m, tt)) => (s - G * ⌊s / G⌋, (m
    + ⌊s / G⌋, tt))%Z end)
  (fun q : indices 2 => match q return indices 2 with | (s, (m, tt)) => (s - G * ⌊s / G⌋, (m
    + ⌊s / G⌋, tt))%Z end).
Qed.

End ChannelShuffle.
Print Assumptions derivative_x_holds.
