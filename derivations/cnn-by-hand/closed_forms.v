(* CNN by hand

   The loss is a function of all entries of what is given and learned. Each closed form is its
   derivative wherever every maximum is taken by one entry alone, and at the problem's numbers. *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

Definition L (t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R) : R :=
  (t - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) ^ 2 / 2.

Definition d_w_11 (t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R) : R :=
  w_2__1 * x_1 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * at_least (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) + w_2__1 * x_2 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * above (w_11 * x_2 + w_21 * x_3) (w_11 * x_1 + w_21 * x_2) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)).

Definition derivative_w_11 : Prop :=
  forall t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R,
  w_11 * x_2 + w_21 * x_3 - (w_11 * x_1 + w_21 * x_2) <> 0 ->
  w_12 * x_2 + w_22 * x_3 - (w_12 * x_1 + w_22 * x_2) <> 0 ->
  w_13 * x_2 + w_23 * x_3 - (w_13 * x_1 + w_23 * x_2) <> 0 ->
  is_derive (fun w_11 => L t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3) w_11 (d_w_11 t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3).

Theorem derivative_w_11_proved : derivative_w_11.
Proof.
move=> t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 apart0 apart1 apart2; rewrite /L /d_w_11.
eapply derive_equal; first derive.
by cbv beta; cbn [Nat.pred Z.of_nat]; letters; field.
Qed.

Theorem at_the_numbers_w_11 :
  is_derive (fun w_11 => L (4 / 5) (1 / 10) (1 / 2) (3 / 5) w_11 (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)) (1 / 5) (d_w_11 (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)).
Proof. by apply: derivative_w_11_proved; lra. Qed.

Definition d_w_12 (t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R) : R :=
  w_2__2 * x_1 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * at_least (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) + w_2__2 * x_2 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * above (w_12 * x_2 + w_22 * x_3) (w_12 * x_1 + w_22 * x_2) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)).

Definition derivative_w_12 : Prop :=
  forall t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R,
  w_11 * x_2 + w_21 * x_3 - (w_11 * x_1 + w_21 * x_2) <> 0 ->
  w_12 * x_2 + w_22 * x_3 - (w_12 * x_1 + w_22 * x_2) <> 0 ->
  w_13 * x_2 + w_23 * x_3 - (w_13 * x_1 + w_23 * x_2) <> 0 ->
  is_derive (fun w_12 => L t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3) w_12 (d_w_12 t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3).

Theorem derivative_w_12_proved : derivative_w_12.
Proof.
move=> t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 apart0 apart1 apart2; rewrite /L /d_w_12.
eapply derive_equal; first derive.
by cbv beta; cbn [Nat.pred Z.of_nat]; letters; field.
Qed.

Theorem at_the_numbers_w_12 :
  is_derive (fun w_12 => L (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) w_12 (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)) (3 / 10) (d_w_12 (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)).
Proof. by apply: derivative_w_12_proved; lra. Qed.

Definition d_w_13 (t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R) : R :=
  w_2__3 * x_1 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * at_least (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) + w_2__3 * x_2 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * above (w_13 * x_2 + w_23 * x_3) (w_13 * x_1 + w_23 * x_2) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)).

Definition derivative_w_13 : Prop :=
  forall t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R,
  w_11 * x_2 + w_21 * x_3 - (w_11 * x_1 + w_21 * x_2) <> 0 ->
  w_12 * x_2 + w_22 * x_3 - (w_12 * x_1 + w_22 * x_2) <> 0 ->
  w_13 * x_2 + w_23 * x_3 - (w_13 * x_1 + w_23 * x_2) <> 0 ->
  is_derive (fun w_13 => L t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3) w_13 (d_w_13 t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3).

Theorem derivative_w_13_proved : derivative_w_13.
Proof.
move=> t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 apart0 apart1 apart2; rewrite /L /d_w_13.
eapply derive_equal; first derive.
by cbv beta; cbn [Nat.pred Z.of_nat]; letters; field.
Qed.

Theorem at_the_numbers_w_13 :
  is_derive (fun w_13 => L (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) w_13 (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)) (- (1 / 10)) (d_w_13 (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)).
Proof. by apply: derivative_w_13_proved; lra. Qed.

Definition d_w_21 (t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R) : R :=
  w_2__1 * x_2 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * at_least (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) + w_2__1 * x_3 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * above (w_11 * x_2 + w_21 * x_3) (w_11 * x_1 + w_21 * x_2) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)).

Definition derivative_w_21 : Prop :=
  forall t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R,
  w_11 * x_2 + w_21 * x_3 - (w_11 * x_1 + w_21 * x_2) <> 0 ->
  w_12 * x_2 + w_22 * x_3 - (w_12 * x_1 + w_22 * x_2) <> 0 ->
  w_13 * x_2 + w_23 * x_3 - (w_13 * x_1 + w_23 * x_2) <> 0 ->
  is_derive (fun w_21 => L t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3) w_21 (d_w_21 t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3).

Theorem derivative_w_21_proved : derivative_w_21.
Proof.
move=> t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 apart0 apart1 apart2; rewrite /L /d_w_21.
eapply derive_equal; first derive.
by cbv beta; cbn [Nat.pred Z.of_nat]; letters; field.
Qed.

Theorem at_the_numbers_w_21 :
  is_derive (fun w_21 => L (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) w_21 (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)) (1 / 10) (d_w_21 (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)).
Proof. by apply: derivative_w_21_proved; lra. Qed.

Definition d_w_22 (t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R) : R :=
  w_2__2 * x_2 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * at_least (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) + w_2__2 * x_3 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * above (w_12 * x_2 + w_22 * x_3) (w_12 * x_1 + w_22 * x_2) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)).

Definition derivative_w_22 : Prop :=
  forall t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R,
  w_11 * x_2 + w_21 * x_3 - (w_11 * x_1 + w_21 * x_2) <> 0 ->
  w_12 * x_2 + w_22 * x_3 - (w_12 * x_1 + w_22 * x_2) <> 0 ->
  w_13 * x_2 + w_23 * x_3 - (w_13 * x_1 + w_23 * x_2) <> 0 ->
  is_derive (fun w_22 => L t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3) w_22 (d_w_22 t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3).

Theorem derivative_w_22_proved : derivative_w_22.
Proof.
move=> t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 apart0 apart1 apart2; rewrite /L /d_w_22.
eapply derive_equal; first derive.
by cbv beta; cbn [Nat.pred Z.of_nat]; letters; field.
Qed.

Theorem at_the_numbers_w_22 :
  is_derive (fun w_22 => L (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) w_22 (1 / 5) 1 (2 / 5) (7 / 10)) (- (1 / 10)) (d_w_22 (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)).
Proof. by apply: derivative_w_22_proved; lra. Qed.

Definition d_w_23 (t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R) : R :=
  w_2__3 * x_2 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * at_least (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) + w_2__3 * x_3 * (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * above (w_13 * x_2 + w_23 * x_3) (w_13 * x_1 + w_23 * x_2) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)).

Definition derivative_w_23 : Prop :=
  forall t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R,
  w_11 * x_2 + w_21 * x_3 - (w_11 * x_1 + w_21 * x_2) <> 0 ->
  w_12 * x_2 + w_22 * x_3 - (w_12 * x_1 + w_22 * x_2) <> 0 ->
  w_13 * x_2 + w_23 * x_3 - (w_13 * x_1 + w_23 * x_2) <> 0 ->
  is_derive (fun w_23 => L t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3) w_23 (d_w_23 t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3).

Theorem derivative_w_23_proved : derivative_w_23.
Proof.
move=> t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 apart0 apart1 apart2; rewrite /L /d_w_23.
eapply derive_equal; first derive.
by cbv beta; cbn [Nat.pred Z.of_nat]; letters; field.
Qed.

Theorem at_the_numbers_w_23 :
  is_derive (fun w_23 => L (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) w_23 1 (2 / 5) (7 / 10)) (1 / 5) (d_w_23 (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)).
Proof. by apply: derivative_w_23_proved; lra. Qed.

Definition d_w_2__1 (t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R) : R :=
  (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)).

Definition derivative_w_2__1 : Prop :=
  forall t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R,
  w_11 * x_2 + w_21 * x_3 - (w_11 * x_1 + w_21 * x_2) <> 0 ->
  w_12 * x_2 + w_22 * x_3 - (w_12 * x_1 + w_22 * x_2) <> 0 ->
  w_13 * x_2 + w_23 * x_3 - (w_13 * x_1 + w_23 * x_2) <> 0 ->
  is_derive (fun w_2__1 => L t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3) w_2__1 (d_w_2__1 t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3).

Theorem derivative_w_2__1_proved : derivative_w_2__1.
Proof.
move=> t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 apart0 apart1 apart2; rewrite /L /d_w_2__1.
eapply derive_equal; first derive.
by cbv beta; cbn [Nat.pred Z.of_nat]; letters; field.
Qed.

Theorem at_the_numbers_w_2__1 :
  is_derive (fun w_2__1 => L (4 / 5) w_2__1 (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)) (1 / 10) (d_w_2__1 (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)).
Proof. by apply: derivative_w_2__1_proved; lra. Qed.

Definition d_w_2__2 (t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R) : R :=
  (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)).

Definition derivative_w_2__2 : Prop :=
  forall t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R,
  w_11 * x_2 + w_21 * x_3 - (w_11 * x_1 + w_21 * x_2) <> 0 ->
  w_12 * x_2 + w_22 * x_3 - (w_12 * x_1 + w_22 * x_2) <> 0 ->
  w_13 * x_2 + w_23 * x_3 - (w_13 * x_1 + w_23 * x_2) <> 0 ->
  is_derive (fun w_2__2 => L t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3) w_2__2 (d_w_2__2 t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3).

Theorem derivative_w_2__2_proved : derivative_w_2__2.
Proof.
move=> t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 apart0 apart1 apart2; rewrite /L /d_w_2__2.
eapply derive_equal; first derive.
by cbv beta; cbn [Nat.pred Z.of_nat]; letters; field.
Qed.

Theorem at_the_numbers_w_2__2 :
  is_derive (fun w_2__2 => L (4 / 5) (1 / 10) w_2__2 (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)) (1 / 2) (d_w_2__2 (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)).
Proof. by apply: derivative_w_2__2_proved; lra. Qed.

Definition d_w_2__3 (t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R) : R :=
  (1 - sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3))) * (sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)) - t) * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3) * sigmoid (w_2__1 * Rmax (w_11 * x_1 + w_21 * x_2) (w_11 * x_2 + w_21 * x_3) + w_2__2 * Rmax (w_12 * x_1 + w_22 * x_2) (w_12 * x_2 + w_22 * x_3) + w_2__3 * Rmax (w_13 * x_1 + w_23 * x_2) (w_13 * x_2 + w_23 * x_3)).

Definition derivative_w_2__3 : Prop :=
  forall t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 : R,
  w_11 * x_2 + w_21 * x_3 - (w_11 * x_1 + w_21 * x_2) <> 0 ->
  w_12 * x_2 + w_22 * x_3 - (w_12 * x_1 + w_22 * x_2) <> 0 ->
  w_13 * x_2 + w_23 * x_3 - (w_13 * x_1 + w_23 * x_2) <> 0 ->
  is_derive (fun w_2__3 => L t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3) w_2__3 (d_w_2__3 t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3).

Theorem derivative_w_2__3_proved : derivative_w_2__3.
Proof.
move=> t w_2__1 w_2__2 w_2__3 w_11 w_12 w_13 w_21 w_22 w_23 x_1 x_2 x_3 apart0 apart1 apart2; rewrite /L /d_w_2__3.
eapply derive_equal; first derive.
by cbv beta; cbn [Nat.pred Z.of_nat]; letters; field.
Qed.

Theorem at_the_numbers_w_2__3 :
  is_derive (fun w_2__3 => L (4 / 5) (1 / 10) (1 / 2) w_2__3 (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)) (3 / 5) (d_w_2__3 (4 / 5) (1 / 10) (1 / 2) (3 / 5) (1 / 5) (3 / 10) (- (1 / 10)) (1 / 10) (- (1 / 10)) (1 / 5) 1 (2 / 5) (7 / 10)).
Proof. by apply: derivative_w_2__3_proved; lra. Qed.

Print Assumptions derivative_w_11_proved.
Print Assumptions at_the_numbers_w_11.
Print Assumptions derivative_w_12_proved.
Print Assumptions at_the_numbers_w_12.
Print Assumptions derivative_w_13_proved.
Print Assumptions at_the_numbers_w_13.
Print Assumptions derivative_w_21_proved.
Print Assumptions at_the_numbers_w_21.
Print Assumptions derivative_w_22_proved.
Print Assumptions at_the_numbers_w_22.
Print Assumptions derivative_w_23_proved.
Print Assumptions at_the_numbers_w_23.
Print Assumptions derivative_w_2__1_proved.
Print Assumptions at_the_numbers_w_2__1.
Print Assumptions derivative_w_2__2_proved.
Print Assumptions at_the_numbers_w_2__2.
Print Assumptions derivative_w_2__3_proved.
Print Assumptions at_the_numbers_w_2__3.
