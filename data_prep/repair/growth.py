"""How ways grow: each step over a sign is weighed, and left out where it falls too far behind.

The search (`shifts`) knows what is printed, the decoder (`decoding`) which characters the
bytes allow. Here each of them gets its price: by how much it makes the text likelier, and
what is held against it - a byte that vanished, a guess the page does not bear out. What
cannot be among the likeliest is not weighed at all.
"""

from __future__ import annotations

import math

from data_prep.repair.candidates import Candidate, Choice, Weight, list_rare_forms, list_rare_pairs
from data_prep.repair.likelihood import LETTERS, extend_track, rate_next, rate_two
from data_prep.repair.readings import name_reading
from data_prep.repair.ways import Step, Surroundings, Way, choose_steps
from data_prep.script import fold_characters, list_simplified_only

# What else may have happened, as log-probabilities.
_NOT_SEEN = -1.5  # an annotated character that the page annotates nowhere else
_NOT_TRADITIONAL = -3.0  # ... and that is the same in both scripts
_RARE_READING = -3.0  # ... and is mostly read otherwise
_OTHER_SCRIPT = -5.0  # a simplified character on a traditional page
_NOT_ANNOTATED = -3.0  # a guess that has no annotation although the page annotates it elsewhere
_RARE_FORM = -4.0  # a guess that is not the usual form of its simplified character

# Steps are made by the hundred for every character that is read: made so, one costs half as much.
_new = tuple.__new__


class Growth:
    """Weighs the steps over a sign; those that fall too far behind the likeliest are dropped at once."""

    def __init__(self, around: Surroundings, behind: float, beam: int) -> None:
        self.found: list[Step] = []
        self.floors = [-math.inf, -math.inf]  # what steps must rank at least that lead in step, out of step
        self._most = self._beam = beam
        self._pairs = around.pairs
        self._annotated = around.annotated
        self._behind = behind
        self._rare_forms = list_rare_forms()
        self._rare_pairs = list_rare_pairs()
        self._unlikely = list_simplified_only() if around.is_traditional else frozenset[str]()
        self._end = 0  # where the sign being read ends
        self._is_bracketed = self._is_torn = False
        self.best = self._least = -math.inf

    def stand_behind(self, end: int, best: float, is_bracketed: bool, is_torn: bool) -> None:
        """Read a sign that ends at raw[end]; `best` is what the likeliest way is worth that stands there already.

        A bracket stands there (`is_bracketed`), or an annotation tore the character that ends with the sign (`is_torn`).
        """
        self._end, self._is_bracketed, self._is_torn = end, is_bracketed, is_torn
        self.found, self.floors, self._most = [], [-math.inf, -math.inf], 2 * self._beam
        self.best, self._least = best, best - self._behind

    def weigh(self, way: Way, char: str) -> Weight:
        """One more character."""
        track, letter = way[0], LETTERS[char]
        return *rate_next(track, letter), self._pairs[track[2]].get(letter[0], 0.0)

    def sift(self, way: Way, choice: Choice, cost: float, floor: float) -> list[tuple[Candidate, Weight]]:
        """The candidates that may not fall too far behind, nor below the rank `floor`, each weighed."""
        track = way[0]
        score, best, last, begun, opened, before, _ = track
        least, reach = self._least - cost - score, floor - cost - score
        tried, known, leads = choice
        pairs, are_two = self._pairs[last], bool(tried and tried[0].second)
        # Characters that go on a word, or follow the last one elsewhere on the page.
        joined = pairs.keys() & known.keys()
        enough = reach - before + best
        if opened.most_of_all >= enough:
            most = opened.most
            joined |= {char for char in most.keys() & known.keys() if most[char] >= enough}
        for branches, worth in begun:
            enough = least - worth + best
            if branches.likeliest >= enough:
                ends = branches.ends
                joined |= {char for char in ends.keys() & known.keys() if ends[char] >= enough}
            if are_two:
                joined |= branches.longer & known.keys()
        found = []
        enough = max(least, reach)
        for each in tried:
            if each[5] < enough:
                break
            if each[4] >= least and each[3] not in joined:
                found.append((each, each[6]))
        for char in sorted(joined):  # in an order that does not hang on the hashes of strings
            letter, seen = LETTERS[char], pairs.get(char, 0.0)
            gain, hope = rate_next(track, letter)
            for each in known[char]:
                if are_two:
                    gain, hope = rate_two(track, letter, LETTERS[each.second])
                if gain + seen >= least and (leads is None or each[0] in leads):
                    found.append((each, (gain, hope, seen)))
        return found

    def add(
        self, way: Way, text: str, pending: int | None, weight: Weight, cost: float = 0.0, guessed: int = 0
    ) -> None:
        """One more character that was not printed as it is; or two, if nothing is to say of the second."""
        self._find(way, text, pending, weight, cost + self._charge(way, text[0], guessed), guessed)

    def add_two(self, way: Way, two: Candidate, weight: Weight, cost: float) -> None:
        """Two guessed characters that were weighed together."""
        first, second = two.char, two.second
        if second in self._rare_forms and first + second not in self._rare_pairs:
            cost += _RARE_FORM
        elif first in self._rare_forms and first + second in self._rare_pairs and way.last + first not in self._rare_pairs:
            cost -= _RARE_FORM
        if second in self._annotated and not self._is_bracketed:
            cost += _NOT_ANNOTATED
        cost += self._pairs[two.simple].get(LETTERS[second].simple, 0.0)
        self.add(way, first + second, None, weight, cost, 2)

    def grow(self, way: Way, first: str, cost: float) -> Way:
        """The way with the first of two characters, a guess: it may fall behind, the next one may make a word of both."""
        track, _, _, begin, text, ends, pieces, n_guessed = way
        track = extend_track(track, first, self._pairs, cost + self._charge(way, first, 1))
        return _new(Way, (track, first, None, begin, text + first, (*ends, self._end), pieces, n_guessed + 1))

    def keep(self, way: Way, printed: str, cost: float = 0.0) -> None:
        """What is printed."""
        if way[1] in self._rare_forms:
            cost += self._give_back(way, printed[0])
        if len(printed) == 1:
            weight = self.weigh(way, printed)
        else:
            track = way[0]
            for char in printed:
                track = extend_track(track, char, self._pairs)
            weight = track[0] - way[0][0], track[6], 0.0
        self._find(way, printed, None, weight, cost, 0)

    def go_on(self, way: Way, printed: str, end: int) -> Way:
        """A way in step with the character that is printed next."""
        track, last, _, _, _, _, pieces, _ = way
        cost = self._give_back(way, printed) if last in self._rare_forms else 0.0
        return _new(Way, (extend_track(track, printed, self._pairs, cost), printed, None, end, "", (), pieces, 0))

    def charge(self, way: Way, cost: float, pending: int | None) -> None:
        """No further character."""
        self._find(way, "", pending, (0.0, way[0][6], 0.0), cost, 0)

    def _find(self, way: Way, text: str, pending: int | None, weight: Weight, cost: float, guessed: int) -> None:
        gain, hope, seen = weight
        score = way[0][0] + gain + seen + cost
        rank = score + hope
        if score < self._least or rank < self.floors[pending is not None]:
            return
        if score > self.best:
            self.best, self._least = score, score - self._behind
        self.found.append(_new(Step, (rank, score, way, text, pending, gain, guessed, self._end)))
        if len(self.found) >= self._most:
            self._thin_out()

    def _thin_out(self) -> None:
        """Keep so many steps as a search follows; what ranks below them need not be found."""
        in_step, out_of_step = choose_steps(self.found, self._beam, self._least)
        self.found = in_step + out_of_step
        if len(self.found) == self._beam:
            self.floors = [steps[-1].rank if steps else -math.inf for steps in (in_step, out_of_step)]
        self._most = len(self.found) + self._beam

    def _charge(self, way: Way, char: str, guessed: int) -> float:
        """What speaks against one more character, whatever its likelihood."""
        last, cost = way[1], 0.0
        if char in self._unlikely:
            cost += _OTHER_SCRIPT
        if guessed:
            if char in self._rare_forms and last + char not in self._rare_pairs:
                cost += _RARE_FORM
            # A character torn by an annotation cannot have one of its own.
            if char in self._annotated and not self._is_bracketed and not (self._is_torn and way[2]):
                cost += _NOT_ANNOTATED
        return cost + self._give_back(way, char) if last in self._rare_forms else cost

    def _give_back(self, way: Way, char: str) -> float:
        """What was held against the last character, a rare form guessed in no word, when this one makes a word of it."""
        last, text, n_guessed, pieces = way.last, way.text, way.n_guessed, way.pieces
        if last + char not in self._rare_pairs:
            return 0.0
        if not text and pieces and pieces[-1].ends[-1] == way.begin:
            text, n_guessed = pieces[-1].text, pieces[-1].n_guessed
        return -_RARE_FORM if n_guessed and text[-2:] not in self._rare_pairs else 0.0

    def rate_note(self, char: str, reading: str) -> float:
        """Log-probability that a site annotates this character so: it has a list, of traditional ones mostly."""
        if char in self._annotated:
            return 0.0
        rating = _NOT_SEEN if ord(char) in fold_characters() else _NOT_SEEN + _NOT_TRADITIONAL
        return rating if reading == name_reading(char) else rating + _RARE_READING
