"""The test ticket of `hall-device test`: every block once, nothing from any hall."""

from __future__ import annotations

from hardware.printers.paper import Band, Block, Columns, Qr, Rule, Run, Space, Text

SAMPLE_QR = "https://hall.example/t/0123456789ABCDEFGHJKMNPQRSTUVW"


def sample_ticket() -> list[Block]:
    """A ticket in the look of the design, for trying a printer."""
    return [
        Text("示例县政务服务中心", size=36, bold=True, align="center", gap=10),
        Text("门诊费用报销", size=34, align="center", gap=0),
        Text("A047", size=190, bold=True, align="center", fit=True, gap=0),
        Band("听叫号再去 3  4  5 号窗口"),
        Columns(
            (Run("前面  "), Run("5 人", size=40, bold=True)), (Run("预计等  "), Run("12–20 分钟", size=40, bold=True))
        ),
        Columns((Run("一楼左手边等候"),), (Run("普通"),), gap=8),
        Rule(gap=0),
        Qr(SAMPLE_QR, lines=(Run("扫码看排到哪", 32, bold=True), Run("办完可以评价", 30), Run("以后可查办件", 30))),
        Rule(),
        Text("叫 3 次未到算过号，\n当天回来到导办台，可复号一次", gap=8),
        Text("要带：身份证或社保卡、票据、清单、病历、银行卡", gap=10),
        Rule(),
        Columns((Run("2026-11-24 10:32  K1-0047", 26),), (Run("热线 12345", 28, bold=True),)),
        Space(8),
    ]
