(* Sums with printed limits, over a commutative ring, and how they are exchanged.

   An index is an integer, a tensor a function of its indices: w⟨u, c, k⟩ is an entry.
   A condition in brackets is 1 where it holds, and 0 elsewhere: ⟦ 0 <= S * i + u - P ⟧.
   A sum has the limits that are printed: \sum_(0 <= u <= K - 1) w⟨u, c, k⟩ * x⟨S * i + u, c⟩. *)

From mathcomp Require Export all_ssreflect all_algebra zify ssrZ.
From Coq Require Export ZArith Lia.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GRing.Theory.
Delimit Scope Z_scope with Z.
Local Open Scope ring_scope.

(* * Notation *)

Notation "x ⟨ i , .. , j ⟩" := (.. (x i%Z) .. j%Z)
  (at level 2, left associativity, only parsing) : ring_scope.

Notation "⌊ a / b ⌋" := (Z.div a b) (a at level 39, format "⌊ a  /  b ⌋") : Z_scope.
Notation "⌈ a / b ⌉" := (Z.opp (Z.div (Z.opp a) b))
  (a at level 39, format "⌈ a  /  b ⌉") : Z_scope.

Declare Scope condition_scope.
Delimit Scope condition_scope with condition.
Notation "a <= b" := (Z.leb a%Z b%Z) : condition_scope.
Notation "a = b" := (Z.eqb a%Z b%Z) : condition_scope.
Notation "d ∣ e" := (Z.eqb (Z.modulo e%Z d%Z) 0) (at level 70) : condition_scope.
Notation "⟦ p ⟧" := ((p%condition : bool)%:R) (at level 0, format "⟦ p ⟧") : ring_scope.
Notation "⟦ p , .. , q , r ⟧" := ((andb p%condition .. (andb q%condition r%condition) ..)%:R)
  (at level 0, format "⟦ p ,  .. ,  q ,  r ⟧") : ring_scope.

(* A whole number as an element of the ring, as in a mean of n terms. *)
Definition whole (R : ringType) (n : Z) : R := (int_of_Z n)%:~R.
Arguments whole {R} n%_Z.

(* The indices from a to b, both included; none if b < a. *)
Definition range (a b : Z) : seq Z :=
  [seq (a + Z.of_nat k)%Z | k <- iota 0 (Z.to_nat (b - a + 1))].
Arguments range (a b)%_Z.

Notation "\sum_ ( a <= i <= b ) F" := (\sum_(i <- range a b) F)
  (at level 41, F at level 41, a, i, b at level 50,
   format "'[' \sum_ ( a  <=  i  <=  b ) '/  '  F ']'") : ring_scope.

Lemma in_range a b i : (i \in range a b) = Z.leb a i && Z.leb i b.
Proof.
apply/mapP/andP => [[k]|[ai ib]].
  by rewrite mem_iota => /andP[_ kn] ->; lia.
by exists (Z.to_nat (i - a)); [rewrite mem_iota|]; lia.
Qed.

Lemma uniq_range a b : uniq (range a b).
Proof. by rewrite map_inj_uniq ?iota_uniq // => m n; lia. Qed.

(* * Differences of what is affine *)

Section Differences.
Variable R : comRingType.

(* a is what an expression becomes, b what it was, d by how much it has changed. *)
Definition changes (a b d : R) := a - b = d.

Lemma changes_by a h : changes (a + h) a h.
Proof. by rewrite /changes addrC addKr. Qed.

Lemma changes_add a b d a' b' d' :
  changes a b d -> changes a' b' d' -> changes (a + a') (b + b') (d + d').
Proof. by move=> <- <-; rewrite /changes opprD addrACA. Qed.

Lemma changes_addl c a b d : changes a b d -> changes (c + a) (c + b) d.
Proof. by move=> <-; rewrite /changes opprD addrACA subrr add0r. Qed.

Lemma changes_addr c a b d : changes a b d -> changes (a + c) (b + c) d.
Proof. by rewrite ![_ + c]addrC; exact: changes_addl. Qed.

Lemma changes_opp a b d : changes a b d -> changes (- a) (- b) (- d).
Proof. by move=> <-; rewrite /changes opprB opprK addrC. Qed.

Lemma changes_mull c a b d : changes a b d -> changes (c * a) (c * b) (c * d).
Proof. by move=> <-; rewrite /changes mulrBr. Qed.

Lemma changes_mulr c a b d : changes a b d -> changes (a * c) (b * c) (d * c).
Proof. by move=> <-; rewrite /changes mulrBl. Qed.

Lemma changes_sum m n (a b d : Z -> R) :
  (forall i, changes (a i) (b i) (d i)) ->
  changes (\sum_(m <= i <= n) a i) (\sum_(m <= i <= n) b i) (\sum_(m <= i <= n) d i).
Proof. by move=> h; rewrite /changes -sumrB; apply: eq_bigr => i _; exact: h. Qed.

End Differences.

(* * One sum over all indices *)

(* Several indices. *)
Fixpoint indices (n : nat) : Type := if n is m.+1 then (Z * indices m)%type else unit.

(* The pairs of an index from a to b and of what s lists for it. *)
Definition each (T : Type) (a b : Z) (s : Z -> seq T) : seq (Z * T) :=
  [seq (i, p) | i <- range a b, p <- s i].

Lemma in_each (T : eqType) a b (s : Z -> seq T) i p :
  ((i, p) \in each a b s) = [&& Z.leb a i, Z.leb i b & p \in s i].
Proof.
rewrite andbA -in_range; apply/allpairsPdep/andP => [[j [q [js qs [-> ->]]]]|[ir ps]] //.
by exists i, p.
Qed.

Lemma uniq_each (T : eqType) a b (s : Z -> seq T) : (forall i, uniq (s i)) -> uniq (each a b s).
Proof.
by move=> us; apply: allpairs_uniq_dep => [|i _|[i p] [j q] _ _ [-> ->]] //; exact: uniq_range.
Qed.

(* What one list has and another. *)
Definition either (T U : Type) (s : seq T) (t : seq U) : seq (T + U) :=
  [seq inl p | p <- s] ++ [seq inr q | q <- t].

Lemma in_left (T U : eqType) (s : seq T) (t : seq U) p : (inl p \in either s t) = (p \in s).
Proof.
rewrite mem_cat mem_map; last by move=> ? ? [].
by case: mapP => [[]|] //; rewrite orbF.
Qed.

Lemma in_right (T U : eqType) (s : seq T) (t : seq U) q : (inr q \in either s t) = (q \in t).
Proof.
rewrite mem_cat orbC mem_map; last by move=> ? ? [].
by case: mapP => [[]|] //; rewrite orbF.
Qed.

Lemma uniq_either (T U : eqType) (s : seq T) (t : seq U) :
  uniq s -> uniq t -> uniq (either s t).
Proof.
move=> us ut; rewrite cat_uniq !map_inj_uniq ?us ?ut /= ?andbT; try by move=> ? ? [].
by apply/hasPn => ? /mapP[q _ ->]; apply/mapP => -[].
Qed.

Section Flat.
Variable R : comRingType.

(* An expression is the sum of the terms f p, of all p in s for which c p holds. *)
Definition flat (T : Type) (e : R) (s : seq T) (c : T -> bool) (f : T -> R) :=
  e = \sum_(p <- s | c p) f p.

(* A term: the product v where the condition c holds. *)
Definition term (e : R) (c : bool) (v : R) := e = if c then v else 0.

Lemma term_whole v : term v true v.
Proof. by []. Qed.

Lemma term_bracket (b : bool) : term b%:R b 1.
Proof. by rewrite /term; case: b. Qed.

Lemma term_mul e c v e' c' v' : term e c v -> term e' c' v' -> term (e * e') (c && c') (v * v').
Proof. by move=> -> ->; rewrite /term; case: c; case: c'; rewrite ?mulr0 ?mul0r. Qed.

Lemma term_opp e c v : term e c v -> term (- e) c (- v).
Proof. by move=> ->; rewrite /term; case: c; rewrite ?oppr0. Qed.

Lemma flat_term e c v : term e c v -> flat e [:: tt] (fun=> c) (fun=> v).
Proof. by move=> ->; rewrite /flat big_mkcond big_seq1. Qed.

Lemma flat_sum (T : eqType) a b (e : Z -> R) (s : Z -> seq T) c f :
  (forall i, flat (e i) (s i) (c i) (f i)) ->
  flat (\sum_(a <= i <= b) e i) (each a b s) (fun p => c p.1 p.2) (fun p => f p.1 p.2).
Proof.
move=> h; rewrite /flat [RHS]big_mkcond [RHS]big_allpairs_dep.
by apply: eq_bigr => i _; rewrite [LHS](h i) [LHS]big_mkcond.
Qed.

Lemma flat_mull (T : Type) e c v e' (s : seq T) c' f :
  term e c v -> flat e' s c' f -> flat (e * e') s (fun p => c && c' p) (fun p => v * f p).
Proof.
move=> -> ->; rewrite /flat; case: c; last by rewrite mul0r big_pred0.
by rewrite mulr_sumr.
Qed.

Lemma flat_mulr (T : Type) e c v e' (s : seq T) c' f :
  term e c v -> flat e' s c' f -> flat (e' * e) s (fun p => c && c' p) (fun p => v * f p).
Proof. by rewrite mulrC; exact: flat_mull. Qed.

Lemma flat_add (T U : Type) e (s : seq T) c f e' (t : seq U) c' f' :
  flat e s c f -> flat e' t c' f' ->
  flat (e + e') (either s t)
    (fun p => match p with inl p => c p | inr q => c' q end)
    (fun p => match p with inl p => f p | inr q => f' q end).
Proof. by move=> -> ->; rewrite /flat big_cat !big_map. Qed.

Lemma flat_opp (T : Type) e (s : seq T) c f : flat e s c f -> flat (- e) s c (fun p => - f p).
Proof. by move=> ->; rewrite /flat sumrN. Qed.

(* Two sums are equal whose terms correspond to each other. *)
Lemma correspond (T U : eqType) (there : T -> U) (back : U -> T) e (s : seq T) c f
    e' (t : seq U) c' f' :
  flat e s c f -> flat e' t c' f' -> uniq s -> uniq t ->
  (forall p, p \in s -> c p -> (there p \in t) && c' (there p) /\ back (there p) = p) ->
  (forall q, q \in t -> c' q -> (back q \in s) && c (back q) /\ there (back q) = q) ->
  (forall p, p \in s -> c p -> back (there p) = p -> f p = f' (there p)) -> e = e'.
Proof.
move=> -> -> us ut to from same; rewrite -[LHS]big_filter -[RHS]big_filter.
rewrite [RHS](perm_big [seq there p | p <- [seq p <- s | c p]]) /=; last first.
  apply: uniq_perm; rewrite ?filter_uniq // ?map_inj_in_uniq ?filter_uniq //.
    move=> p q; rewrite !mem_filter => /andP[cp ps] /andP[cq qs] h.
    by rewrite -(to p ps cp).2 -(to q qs cq).2 h.
  move=> q; rewrite mem_filter; apply/andP/mapP => [[cq qt]|[p]].
    have [/andP[bs cb] tb] := from q qt cq.
    by exists (back q); rewrite ?tb // mem_filter cb bs.
  rewrite mem_filter => /andP[cp ps] ->.
  by have [/andP[-> ->]] := to p ps cp.
rewrite big_map; apply: eq_big_seq => p; rewrite mem_filter => /andP[cp ps].
by apply: same => //; exact: (to p ps cp).2.
Qed.

End Flat.

(* * The arithmetic of indices *)

Section Limits.
Local Open Scope Z_scope.

Lemma le_floor S a i : 0 < S -> i <= ⌊a / S⌋ <-> S * i <= a.
Proof.
move=> S0; split=> h; last by apply: Z.div_le_lower_bound; lia.
by have := Z.mul_div_le a S S0; nia.
Qed.

Lemma ceil_le S a i : 0 < S -> ⌈a / S⌉ <= i <-> a <= S * i.
Proof. by move=> S0; have := @le_floor S (- a) (- i) S0; lia. Qed.

Lemma floor_spec a b : 0 < b -> b * ⌊a / b⌋ <= a < b * ⌊a / b⌋ + b.
Proof. by move=> b0; have := Z.mod_pos_bound a b b0; have := Z.div_mod a b; lia. Qed.

Lemma divides_floor a b : 0 < b -> a mod b = 0 -> a = b * ⌊a / b⌋.
Proof. by move=> b0 h; have := Z.div_mod a b; lia. Qed.

Lemma divides_by q a b : 0 < b -> a = b * q -> a mod b = 0.
Proof. by move=> b0 ->; rewrite Z.mul_comm Z_mod_mult. Qed.

Lemma floor_by q a b : b * q <= a < b * q + b -> ⌊a / b⌋ = q.
Proof. by move=> h; symmetry; apply (@Z.div_unique_pos a b q (a - b * q)); lia. Qed.

End Limits.

Section Products.
Variable R : comRingType.

Lemma flat_change (T : Type) (e a b d : R) (s : seq T) c f :
  changes a b d -> flat (e * d) s c f -> flat (e * (a - b)) s c f.
Proof. by move=> ->. Qed.

Lemma mul_same (a b a' b' : R) : a = a' -> b = b' -> a * b = a' * b'.
Proof. by move=> -> ->. Qed.

Lemma opp_same (a b : R) : a = b -> - a = - b.
Proof. by move=> ->. Qed.

End Products.

(* * Proofs *)

(* By how much an affine expression changes. *)
Ltac changed := cbv beta;
  lazymatch goal with
  | |- changes (?b + _) ?b _ => exact: changes_by
  | |- changes (_ + ?c) (_ + ?c) _ => eapply changes_addr; changed
  | |- changes (?c + _) (?c + _) _ => eapply changes_addl; changed
  | |- changes (_ + _) (_ + _) _ => eapply changes_add; changed
  | |- changes (- _) (- _) _ => eapply changes_opp; changed
  | |- changes (?c * _) (?c * _) _ => eapply changes_mull; changed
  | |- changes (_ * ?c) (_ * ?c) _ => eapply changes_mulr; changed
  | |- changes (bigop _ _ _) _ _ => eapply changes_sum; intro; changed
  end.

(* The condition of a term, and its product. *)
Ltac product := cbv beta;
  lazymatch goal with
  | |- term (nat_of_bool _)%:R _ _ => exact: term_bracket
  | |- term (_ * _) _ _ => eapply term_mul; product
  | |- term (- _) _ _ => eapply term_opp; product
  | |- term _ _ _ => exact: term_whole
  end.

(* One sum over all indices. *)
Ltac flatten := cbv beta;
  first [eapply flat_change; [solve [changed] | flatten] | flatten_term]
with flatten_term :=
  lazymatch goal with
  | |- flat (bigop _ _ _) _ _ _ => eapply flat_sum; intro; flatten
  | |- flat (_ + _) _ _ _ => eapply flat_add; flatten
  | |- flat (- _) _ _ _ => eapply flat_opp; flatten
  | |- flat (?a * ?b) _ _ _ =>
      lazymatch a with
      | context [range _ _] => eapply flat_mulr; [product | flatten]
      | context [GRing.add _ _] => eapply flat_mulr; [product | flatten]
      | _ => lazymatch b with
             | context [range _ _] => eapply flat_mull; [product | flatten]
             | context [GRing.add _ _] => eapply flat_mull; [product | flatten]
             | _ => eapply flat_term; product
             end
      end
  | |- flat _ _ _ _ => eapply flat_term; product
  end.

Ltac distinct := repeat first [apply: uniq_each; intro | apply: uniq_either]; reflexivity.

(* The lengths that are computed from others are seldom needed. *)
Ltac without_lengths :=
  repeat match goal with
  | H : @eq Z ?M ?e |- _ => is_var M; match e with context [Z.div _ _] => clear H end
  end.

(* An inequality, times a positive number. *)
Ltac scaled :=
  match goal with
  | P : Z.lt 0 ?D |- Z.le ?a ?b => apply (proj2 (Z.mul_le_mono_pos_l a b D P)); lia
  end.

Ltac multiplied :=
  repeat match goal with
  | P : Z.lt 0 ?D, H : Z.le ?a ?b |- context [Z.mul ?D ?u] =>
      first [constr_eq a u | constr_eq b u];
      lazymatch goal with
      | _ : Z.le (Z.mul D a) (Z.mul D b) |- _ => fail
      | _ => have := proj1 (Z.mul_le_mono_pos_l a b D P) H; intro
      end
  end; lia.

Ltac number := first [lia | scaled | multiplied | nia].

(* What is known of indices, as inequalities. *)
Ltac known :=
  cbn beta iota delta [fst snd] in *;
  repeat match goal with
  | i : Equality.sort _ |- _ => change Z in (type of i)
  | H : is_true (andb _ _) |- _ => case/andP: H => ? ?
  | H : is_true (Z.leb _ _) |- _ => apply Z.leb_le in H
  | H : is_true (Z.eqb _ _) |- _ => apply Z.eqb_eq in H
  | H : is_true (_ \in [:: _]) |- _ => clear H
  | H : is_true true |- _ => clear H
  | H : Z.le (Z.max _ _) _ |- _ => apply Z.max_lub_iff in H; destruct H
  | H : Z.le _ (Z.min _ _) |- _ => apply Z.min_glb_iff in H; destruct H
  | H : Z.le (Z.opp (Z.div (Z.opp _) _)) _ |- _ => apply ceil_le in H; [|number]
  | H : Z.le _ (Z.div _ _) |- _ => apply le_floor in H; [|number]
  | H : _ /\ _ |- _ => destruct H
  end.

(* A floor is an index, where it can be no other number, the quotient where it is a divisor, or
   else the number between its limits. *)
Ltac floor_is a b q :=
  let E := fresh "E" in
  assert (E : Z.div a b = q) by (apply floor_by; lia);
  let d := fresh "d" in set (d := Z.div a b) in *; clearbody d; subst d.

Ltac floor_is_index a b :=
  match goal with
  | _ => floor_is a b Z0
  | q : Z |- _ => floor_is a b q
  | q : Z |- _ => floor_is a b (q + 1)%Z
  | q : Z |- _ => floor_is a b (q - 1)%Z
  end.

(* Of b b r + b u + v it is b r + u. *)
Ltac floor_is_digits a b :=
  lazymatch a with
  | context [Z.mul (Z.mul b b) ?r] =>
      match goal with u : Z |- _ => floor_is a b (b * r + u)%Z end
  end.

Ltac floor a b :=
  lazymatch a with
  | context [Z.div _ _] => fail
  | _ =>
    first
    [ floor_is_index a b
    | floor_is_digits a b
    | let P := fresh "P" in assert (P : Z.lt 0 b) by number;
      let Q := fresh "Q" in have Q := @floor_spec a b P; clear P;
      let q := fresh "q" in set (q := Z.div a b) in *; clearbody q ]
  end.

Ltac divisors :=
  repeat match goal with
  | H : Z.modulo ?a ?b = Z0 |- _ =>
      let P := fresh "P" in assert (P : Z.lt 0 b) by number;
      apply (divides_floor P) in H; clear P;
      let q := fresh "q" in set (q := Z.div a b) in *; clearbody q
  end.

(* A quotient q with b q <= a < b n lies between 0 and n. *)
Ltac bounds q :=
  try assert (Z.le 0 q) by nia;
  repeat match goal with
  | G : Z |- _ =>
      lazymatch goal with
      | _ : Z.lt q G |- _ => fail
      | _ : Z.lt 0 G |- _ => assert (Z.lt q G) by nia
      end
  end.

Ltac quotients :=
  repeat match goal with
  | H : Z.le (Z.mul ?b ?q) _ /\ _ |- _ => is_var q; destruct H; bounds q
  end.

Ltac floors :=
  divisors;
  repeat match goal with
  | |- context [Z.div ?a ?b] => floor a b
  | _ : context [Z.div ?a ?b] |- _ => floor a b
  end.

Ltac arithmetic :=
  repeat match goal with
  | |- Z.le (Z.max _ _) _ => apply Z.max_lub
  | |- Z.le _ (Z.min _ _) => apply Z.min_glb
  | |- Z.le (Z.opp (Z.div (Z.opp _) _)) _ => apply ceil_le; [number|]
  | |- Z.le _ (Z.div _ _) => apply le_floor; [number|]
  end;
  lazymatch goal with
  | |- Z.modulo _ ?b = Z0 =>
      match goal with
      | q : Z |- _ => apply (@divides_by q); [number | floors; lia]
      | q : Z |- _ => apply (@divides_by (q + 1)%Z); [number | floors; lia]
      | q : Z |- _ => apply (@divides_by (q - 1)%Z); [number | floors; lia]
      end
  | |- _ =>
      first
      [ without_lengths; floors; number
      | without_lengths; floors; quotients; number
      | floors; number ]
  end.

(* What is to be shown of indices. *)
Ltac shown :=
  cbn beta iota delta [fst snd];
  repeat match goal with
  | |- _ /\ _ => split
  | |- is_true (andb _ _) => apply/andP; split
  | |- is_true (Z.leb _ _) => apply/Z.leb_le
  | |- is_true (Z.eqb _ _) => apply/Z.eqb_eq
  | |- is_true true => reflexivity
  | |- is_true (_ \in [:: _]) => reflexivity
  | |- ?a = ?a => reflexivity
  | |- _ = _ :> unit => reflexivity
  | |- (_, _) = (_, _) => apply: f_equal2
  | |- inl _ = inl _ => apply: f_equal
  | |- inr _ = inr _ => apply: f_equal
  end;
  arithmetic.

Ltac cases p :=
  let T := type of p in let T := eval hnf in T in
  lazymatch T with
  | prod _ _ => let i := fresh "i" in let q := fresh "q" in destruct p as [i q]; cases q
  | sum _ _ => destruct p as [p|p]; cases p
  | unit => destruct p
  end.

Ltac correspondence :=
  let p := fresh "p" in let H := fresh "H" in let H' := fresh "H'" in
  intro p; cases p; rewrite ?(in_each, in_left, in_right) => H H'; known; shown.

(* Two entries whose indices are equal. *)
Ltac entry := first
  [ reflexivity
  | lazymatch goal with |- @eq Z _ _ => arithmetic | _ => progress f_equal; entry end ].

Ltac factors n :=
  lazymatch goal with
  | |- @GRing.opp _ _ = @GRing.opp _ _ => apply opp_same; factors n
  | |- @GRing.mul _ _ _ = @GRing.mul _ _ _ =>
      first [ apply mul_same; [solve [entry] | factors 12%nat]
            | lazymatch n with S ?m => rewrite [RHS]mulrC -?mulrA; factors m end ]
  | |- _ => entry
  end.

Ltac same_terms :=
  let p := fresh "p" in let H := fresh "H" in let H' := fresh "H'" in
  intro p; cases p; rewrite ?(in_each, in_left, in_right) => H H' _; known;
  rewrite ?mul1r ?mulr1 ?mulrN ?mulNr ?opprK -?mulrA; factors 12%nat.

(* The theorem: both sides are one sum each, whose terms correspond to each other. *)
Ltac adjoint there back :=
  intros; known;
  eapply (correspond (there := there) (back := back));
  [flatten | flatten | distinct | distinct | correspondence | correspondence | same_terms].
