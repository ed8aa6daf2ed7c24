"""A small synthetic study, every text of which may be spoilt."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bayestrace.study import Study

Words = Callable[[str], str]


def plain(text: str) -> str:
    return text


def small_study(say: Words = plain) -> Study:
    """Make a study of 3 cases, 3 hypotheses and 5 observations; `say` may spoil every text meant for people."""

    def both(en: str, zh: str) -> dict[str, str]:
        return {"en": say(en), "zh": say(zh)}

    def weights(*best: float) -> list[dict[str, Any]]:
        rivals = ("bargaining", "threat")
        return [
            {"hypothesis": "stakes", "against": rival, "best": value, "low": value - 2, "high": value + 1.5}
            for rival, value in zip(rivals, best, strict=True)
        ]

    def observation(name: str, case: str, **more: Any) -> dict[str, Any]:
        return {
            "id": name,
            "case": case,
            "step": "premise",
            "date": "2017-11",
            "title": both(f"Title of {name}", f"标题{name}"),
            "claim": both(f"Claim of {name}.", f"主张{name}。"),
            "actors": ["abe"],
            "source": "Peng2024",
            "source_type": "press",
        } | more

    value = {
        "bayestrace": 1,
        "id": "small",
        "title": both("A small study", "一项小研究"),
        "question": both("Why did the treaty last?", "条约为何延续？"),
        "notice": both("The codings are invented.", "编码是虚构的。"),
        "about": "Peng2024",
        "focal": "stakes",
        "hypotheses": {
            "stakes": {"name": both("Stakes", "利益攸关"), "claim": both("The patron cared.", "主导国在乎。")},
            "bargaining": {"name": both("Bargaining", "议价")},
            "threat": {"name": both("Threat", "威胁")},
        },
        "sets": {"article": {"name": both("All", "全部"), "hypotheses": ["stakes", "bargaining", "threat"]}},
        "default_set": "article",
        "factors": {
            "alliance": {"name": both("Alliance", "同盟"), "groups": {"japan": both("J", "日"), "rok": both("K", "韩")}}
        },
        "cases": {
            "one": {"name": both("Case one", "案例甲"), "groups": {"alliance": "japan"}, "dates": "2017/2021"},
            "two": {"name": both("Case two", "案例乙"), "groups": {"alliance": "japan"}},
            "three": {"name": both("Case three", "案例丙"), "groups": {"alliance": "rok"}},
        },
        "mechanism": {
            "steps": {
                "premise": {"name": both("Premise", "前提"), "asks": both("Does it begin?", "是否开始？")},
                "middle": {"name": both("Middle", "中间")},
                "outcome": {"name": both("Outcome", "结果")},
            },
            "arrows": [["premise", "middle"], ["middle", "outcome"]],
            "domains": {"security": both("Security", "安全")},
            "predictions": [
                {
                    "name": both("H1", "假设一"),
                    "statement": both("It rises.", "会上升。"),
                    "cases": ["one", "two"],
                    "directions": {"premise": "up", "outcome": "down"},
                }
            ],
        },
        "clusters": {"purchase": both("The purchase", "采购")},
        "actors": {"abe": both("Abe Shinzo", "安倍晋三")},
        "reliability": {"press": 0.9, "official": 0.98},
        "scale": {
            "name": both("Words", "量表"),
            "anchors": [{"word": both("slight", "轻微"), "db": 0.0}, {"word": both("strong", "强"), "db": 10.0}],
        },
        "coders": {
            "neutral": {"name": both("Neutral", "中立"), "standpoint": both("None.", "无。"), "language": "en"},
            "critic": {"name": both("Critic", "批评者"), "language": "zh"},
        },
        "evidence": [
            observation("one-buys", "one", domain="security", direction="up", cluster="purchase"),
            observation(
                "one-says",
                "one",
                step="middle",
                cluster="purchase",
                effect_of=["one-buys"],
                note=both("A note.", "说明。"),
            ),
            observation("one-context", "one", context=True, source="Walt1987", source_type="official"),
            observation("two-pays", "two", direction="down", source="Walt1987"),
            observation(
                "three-doubt",
                "three",
                step="outcome",
                reliability=0.25,
                reliability_note=both("Retracted.", "已撤回。"),
            ),
        ],
        "sources": {
            "Peng2024": {
                "id": "Peng2024",
                "type": "article-journal",
                "title": say("联盟"),
                "author": [{"family": say("彭"), "given": say("博")}],
                "container-title": say("当代亚太"),
                "issued": {"date-parts": [[2024, 5]]},
                "volume": say("3"),
                "issue": say("1"),
                "page": say("1-20"),
                "URL": "https://example.org/peng",
                "language": "zh-CN",
            },
            "Walt1987": {
                "id": "Walt1987",
                "type": "book",
                "title": say("The Origins of Alliances"),
                "author": [{"family": say("Walt"), "given": say("Stephen M.")}],
                "publisher": say("Cornell University Press"),
                "publisher-place": say("Ithaca, NY"),
                "issued": {"date-parts": [[1987]]},
                "URL": say("https://example.org/walt"),
                "language": "en",
            },
        },
        "codings": [
            {
                "coder": "neutral",
                "judgements": [
                    {
                        "evidence": "one-buys",
                        "weights": weights(-2.5, 3.25),
                        "p_if_focal": 0.55,
                        "rationale": say("R1"),
                    },
                    {"evidence": "one-says", "weights": weights(1.75, 0.5), "p_if_focal": 0.35, "rationale": say("R2")},
                    {"evidence": "two-pays", "weights": weights(-7.5, -12.5), "rationale": say("R3")},
                    {"evidence": "three-doubt", "weights": weights(4.5, 6.25), "rationale": say("R4")},
                ],
                "redundancies": [{"cluster": "purchase", "best": 0.5, "low": 0.25, "high": 0.75}],
            },
            {
                "coder": "critic",
                "judgements": [{"evidence": "one-buys", "weights": weights(-6.5, 2.25), "rationale": say("理由")}],
            },
        ],
        "profiles": {
            "reference": {
                "id": "reference",
                "name": both("Reference", "参照"),
                "why": both("Every explanation alike.", "一视同仁。"),
                "pooling": {"levels": 0.25, "kappa": [0.05, 1.0]},
            }
        },
    }
    return Study.model_validate_json(json.dumps(value))
