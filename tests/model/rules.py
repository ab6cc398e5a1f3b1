"""What the code keeps to, each rule with a switch: a planted bug is a model in which one of them is off."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """As the product is. Each rule names the place in the code that keeps it."""

    # connector.store.work._held: a result needs the token.
    token_is_compared: bool = True
    # connector.store.work.record_done: the mark stays where the generation moved.
    generation_is_compared: bool = True
    # connector.store.work.mark_due: a mark on a target in hand moves its generation.
    mark_moves_generation: bool = True
    # connector.store.work._release_what_ran_out: nobody is given a target before its claim has run out.
    claim_excludes_others: bool = True
    # connector.store.work._release_what_ran_out: a claim that ran out is due again.
    ran_out_is_released: bool = True
    # connector.store.leases.hold_lease: only a free lease, one's own, or one that ran out.
    lease_excludes_others: bool = True
    # sync.ingest.read_issues: what is kept and what it makes due are one transaction.
    kept_and_marked_at_once: bool = True
    # sync.typed_taking: what was typed is taken before the table is written.
    typed_is_taken_first: bool = True
    # sync.typed_taking._remember: what cells are compared with moves in the transaction that takes the text, not later
    read_back_moves_with_taking: bool = True
    # nor earlier.
    taking_comes_with_read_back: bool = True
    # sync.page_write.write_page: what is read back is our own version, not what somebody published since.
    reads_back_own_version: bool = True
    # connector.store.check_ins: an act is a check-in once.
    check_in_has_a_key: bool = True
    # sync.pages._said_already: a page that says it already is not written.
    said_already_is_seen: bool = True
    # sync.pages._may_be_said_already: also where the mark is one of Jira's by now.
    said_is_seen_whoever_asks: bool = True
    # sync.page_write.write_page, connector.confluence.write: the version that was read + 1, after reading again.
    writes_at_version_read: bool = True
    # sync.page_memory.remember_sending: kept before the PUT.
    sending_is_remembered: bool = True
    # sync.page_settle.settle_lost_reply: what became of a lost write is found out before the page is looked at.
    lost_reply_is_settled: bool = True
    # connector.store.sendings: a write without an answer is kept until the page has a version of its number.
    unanswered_is_kept: bool = True
    # sync.page_memory.remember_sending: the claim is checked right before the PUT.
    claim_is_checked_before_put: bool = True
    # sync.page_memory.remember_standing: comes again where an open draft was in the way.
    comes_again_after_draft: bool = True
    # sync.poll.look_at_pages: a version that was not seen is visited.
    polls_find_versions: bool = True
    # sync.timer.tick, sync.poll.poll_jira: what no webhook told is found by asking.
    polls_find_issues: bool = True


AS_BUILT = Rules()
