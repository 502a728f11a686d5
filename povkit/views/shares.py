"""Shares of a village's or a county's people and households: the same columns at both levels."""

from povkit.views.spec import Col, Part


def shares(key: str, on: str) -> tuple[Part, ...]:
    """Counts behind the shares. key: SQL over the person and household views; on: what equals it in the view."""
    return (
        Part(
            "person",
            key,
            on,
            (
                Col(
                    "people_with_relation",
                    "count(relation)",
                    "与户主关系已填人数",
                    "people whose relation to the head is filled in",
                    default="0",
                ),
                Col(
                    "people_of_other_relation",
                    "count(*) FILTER (WHERE relation = :relation_other)",
                    "与户主关系为其他的人数",
                    "people whose relation to the head is other",
                    default="0",
                ),
            ),
        ),
        Part(
            "household",
            key,
            on,
            (
                Col(
                    "households_of_known_labour",
                    "count(all_able) FILTER (WHERE members > 0)",
                    "可判断成员劳动力的户数",
                    "households whose members' labour is known",
                    default="0",
                ),
                Col(
                    "households_all_able",
                    "count(*) FILTER (WHERE all_able AND members > 0)",
                    "全户均有劳动力的户数",
                    "households all of whose members are able to work",
                    default="0",
                ),
            ),
        ),
    )


SHARES = (
    Col(
        "other_relation_pct",
        "CASE WHEN people_with_relation > 0 THEN 100.0 * people_of_other_relation / people_with_relation END",
        "“其他”关系占比（%）",
        "share of people whose relation is other (%)",
    ),
    Col(
        "all_able_pct",
        "CASE WHEN households_of_known_labour > 0 THEN 100.0 * households_all_able / households_of_known_labour END",
        "全户均有劳动力的户占比（%）",
        "share of households all of whose members are able to work (%)",
    ),
)
