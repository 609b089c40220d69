"""What people of an invented past said, and who they were: all of it made up, and so that one sees it."""

from __future__ import annotations

from random import Random

from hall_server.personal.vault import Visitor

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢"
GIVEN = ("示例", "样例", "试样", "虚拟", "演示")
"""No given names: whoever reads one in full sees that it is an example."""
COMPANIES = ("示例一号商贸有限公司", "样例二号餐饮有限公司", "演示三号建筑有限公司", "虚拟四号运输有限公司")
MATTERS = {
    "own": ("想问社保卡要带什么", "异地就医怎么备案", "过户要不要两个人都来"),
    "department": ("退休的事归哪个科", "施工许可和规划许可先办哪个", "营业执照改地址以后要不要换证"),
    "counter": ("护照在哪个窗口取", "公积金和社保能不能一起办"),
    "outside": ("法院立案在哪里", "银行卡被冻结了找谁", "学校报名归哪里管"),
}
RESULTS = ("材料单已经给了，材料齐了来办", "已经说明，当天可以办", "已经告诉他去哪里、找谁、带什么")
ELSEWHERE = ("不归这里管，去哪里、电话多少，已经写给他",)
COMPLAINTS = {
    "attitude": "窗口说话冲，问两遍就不耐烦",
    "efficiency": "等了一个上午，前面只办了三个人",
    "competence": "上次说材料齐了，这次又说少一份",
    "fees": "说好不收费的，要我交复印费",
    "environment": "等候区空调不冷，座位不够",
    "solicitation": "暗示我请吃饭才办得快",
    "shirking": "三个窗口推来推去，没人接",
    "other": "停车场出口指示牌看不清",
    "consultation": "想知道新生儿落户最晚什么时候办",
    "suggestion": "希望中午也留一个窗口",
}
FOUND_OUT = {"upheld": "情况属实，已经约谈并向来人道歉", "dismissed": "查看了当天的录音和叫号记录，与反映不符"}
TOLD = {"upheld": "您反映的情况属实，我们已经改正，向您道歉", "dismissed": "经核实与记录不符，已向您说明依据"}
MESSAGES = ("导办台的老师很耐心", "自助机的字能不能再大一点", "希望增加母婴室指示牌", "饮水机旁边请放纸杯")
ANSWERS = ("谢谢，已经转告", "字号已经可以调大，在屏幕左下角", "指示牌下周装好", "已经补上")
COMMENTS = {2: "要的材料和指南上写的不一样", 1: "等了很久，话也没说清楚"}
VERIFIED = {"clear": "核实属实", "complex": "涉及两个部门，一起核实", "unfounded": "按规定确实不能办"}
PUT_RIGHT, EXPLAINED, CALLED = "窗口一次性告知单已经改过", "已经说明依据的条款", "电话回访过"
CORRECTED = "决定书上的日期写错，重新作出"
NOT_MINE = "这件事不归我这里"
FINDING = "抽查发现一件申请在系统外受理，事后补录"


def person(dice: Random, *, company: float = 0.0) -> Visitor:
    """Somebody with a telephone; a company now and then."""
    name = dice.choice(COMPANIES) if dice.random() < company else dice.choice(SURNAMES) + dice.choice(GIVEN)
    return Visitor(name=name, phone=phone(dice))


def phone(dice: Random) -> str:
    """Eleven figures that no telephone has."""
    return f"000{dice.randrange(10**8):08d}"


def said(text: str, dice: Random, *, named: float = 0.5) -> Visitor:
    """Words, and who said them if he left that."""
    if dice.random() >= named:
        return Visitor(text=text)
    who = person(dice)
    return Visitor(name=who.name, phone=who.phone, text=text)
