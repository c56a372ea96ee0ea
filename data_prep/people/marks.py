"""Marks, characters and words beside names: what a name can end at, what it is not, what stands for a part of it."""

from __future__ import annotations

import re

from .names import DOTS, HAN

BREAKS = frozenset("，,。；;：:！!？?、（）()《》〈〉“”\"‘’'「」『』【】[]…—－-·\n\r\t \u3000|／/")
CLOSERS = frozenset("，,。；;)）、\n \u3000/／")
#: Characters of transcribed names that are too common elsewhere to tell a name, but may stand in one with dots: foreign
#: ones, then Uyghur, Kazakh, Tibetan and Mongolian ones.
TRANSCRIBED = frozenset(
    "埃艾安昂奥澳柏拜班邦保比彼滨宾波采蔡大戴丹德登邓顿多法范方费芬丰冯佛夫富盖高戈哥格葛根古瓜哈海汉豪黑洪侯胡华吉加简杰津金京柯科克肯孔夸朗劳雷"
    "黎理里丽利列林琳留柳龙卢鲁路伦罗洛马麦曼芒毛美门蒙孟密明默木纳乃内南能尼年宁牛农欧派平奇强切钦琴让热仁日荣儒若桑森山尚绍舍生圣施史士世舒司松苏孙太坦唐陶特藤"
    "廷通图土托万旺威维魏温翁武西希席夏香肖谢辛欣休许雪雅亚延扬叶伊因英永尤于约泽珍芝治朱祖伍兴迈卫宾历姆弗蒂娅妮阿诺巴贝"
    "依明巴海买提江吐尼亚孜热旦洛桑扎西次仁格列朗杰玛央增平措旺堆多吉卓嘎边顿珠罗布索贡才让姆木合塔帕古丽娜力汗别克努夏艾阿不都肉吾守铁瓦地雪来更日图其其格乌云牧仁宝音朝鲁"
    "玉甫喀荪逊排皮恰库茹如台赛莎米玛衣牙坎开凯礼铁其伯白尕坚赞顿衮曲晋俄措姆啦绒丹秋贡培仓决边久蒙伦祜苗逾帝辰")
QUOTES = frozenset("“‘《【「")
JOINERS = frozenset(DOTS + "-－—")
#: Adverbs and prepositions that a given name seldom ends with, before what they go with.
RUNS_ON = re.compile(
    "[也还都已又却仍亦](?=[\u3400-\u9fff])|[则均曾便就](?=认为|表示|指出|说|称|是|在|对|强调|建议|坦言|透露|介绍|从|主张|提出|参加|出席|有|被|以|告诉)|"
    "前(?=几天|不久|一天|两天|天|晚|往|去)|发(?=自)|文(?=[/／][摄图影])|今(?=[（(]?[0-9])|等(?=[\u3400-\u9fff])|会(?=[在将见被是有不])|"
    "向(?=记者|本报|媒体|本刊|笔者|大家|与会|[^，。,、]{0,6}(?:透露|表示|介绍|通报|汇报|表达|提出|报告))"
)
#: The characters with which RUNS_ON begins.
RUNNERS = frozenset("也还都已又却仍亦则均曾便就前发文今等会向")
#: What officials do at meetings, and others seldom.
REPORTS = re.compile(
    r"[^,，。、；;\n]{0,20}?(?:强调|指出|要求|通报|汇报|部署|传达|宣读|讲话|致辞|作[^,，。]{0,6}(?:报告|说明|要求|安排))"
)
NEVER_IN_SHAPE = frozenset("和与及的了是在等也就都将说任为从对被把由向到即时们")
#: The last characters of professions that are in no list: 业务员, 收藏家, 签证官.
PROFESSION = frozenset("员家师手长官总")
NO_PROFESSION = frozenset(
    "大家 国家 人家 回家 全家 一家 自家 人员 成员 党员 动员 增长 成长 特长 擅长 专长 延长 生长 团员 全员 队员 "
    "会员 高手 对手 双手 联手 携手 着手 入手 助手 总 手 家 长 员 师 官 大师 教师 独家 各家 商家 厂家 买家 "
    "卖家 家长 校长 见长 校官 感官 五官 器官 全国人大常委会委员长 在家 起家 当家 玩家 赢家 住家"
.split())
HAN_RUN = re.compile(rf"[{HAN}]")
SPACES = re.compile(r"[ \u3000\xa0]{0,3}")
JOURNALIST_GAP = re.compile(r"[ \u3000\xa0:：丨|/]{0,4}")
#: 王某, 李某某: persons whose name the paper keeps back.
MASKED = re.compile(rf"[{HAN}]某{{1,2}}(?![{HAN}]?[人种个天日年弄号房银])")
ADDRESS = re.compile(
    "先生|女士|小姐|师傅|老师|太太|大爷|大妈|大叔|阿姨|老汉|老太|姓|氏|家族|大姐|大哥|奶奶|爷爷|同学|同志|"
    "伯伯|叔叔|警官|律师|医生|大夫|教练"
)
#: 孙总, 周董, 贝帅: an address made of a surname and one character.
ADDRESS_CHARACTERS = frozenset("总董帅导队哥姐叔伯爷嫂婶妈爸嬷局处厅科")
#: What stands behind a name that names a place, a company or a work instead of a person.
PLACE_BEHIND = re.compile(
    "[路街镇村河湖桥乡县区市山庄店厂寺庙墓岛港湾峡洞站园城堡队杯奖]|[一二三四五六七八九十0-9]{1,3}号|号(?![称召令叫])|实验室|(?:青年)?突击队|音乐学院|领导力|灌区|"
    "水电站|水厂|煤矿|核电|都市圈|一体化|口岸|国家公园|合作区|发电厂|电厂|工业园|产业园|科学城|综保区|高新区|水质|沿岸|客专|水库|研发中心|"
    "等(?:工程|项目|水库|煤矿|实验室|地|县|区|高速|高铁|铁路|机场|口岸)|"
    "大[街桥学厦]|故里|故居|基金会|公司|集团|"
    "银行|高铁|铁路|高速|乐园|中心|国际|公园|球场|主场|客场|联队|地区|财富|地产|期货|科技|传媒|"
    "证券|基金|保险|汽车|药业|股份|电器|手机|酒店|超市|商场|餐厅|饭店|学校|[中小]学|医院|诊所|剧[场院]|影城|研究会|艺术节|王朝|女郎|效应|定律")
#: Whose organ is a firm holds no public office, whatever the title: 公司总工程师, 集团副总裁; but a Party post there is one.
FIRM = re.compile("(?:公司|集团|股份|事务所|俱乐部|工作室|酒店|研究社)(?!.*(?:书记|党委|纪委|常委|工会))")
#: 甘霖/文 马彦/图: behind the first one's share stands the next name.
CREDIT = re.compile("[文图摄](?:影|字)?[ \u3000\xa0;；,，]{1,3}")
CREDIT_BEHIND = re.compile("[/／][文图摄]")
#: 研究员冀欣李雯珊/文: two who signed a piece.
SIGNED = re.compile(rf"[{HAN}]{{4,6}}[/／][文图摄]")
#: Said right behind a name, with a mark: who says it is a person.
SAYS = re.compile("(?:介绍|坦言|告诉记者|解释|补充|回忆|笑着)?(?:说|称|道|表示|指出|认为|坦言|介绍|透露|强调|告诉记者)[,，:：。“]")
#: The characters with which SAYS begins.
SAYS_BEGINNINGS = frozenset("介坦告解补回笑说称道表指认透强")
#: Between two persons named together.
BETWEEN = frozenset("、和与及")
#: Behind a transcribed name: it is a place's, a people's, a storm's, a currency's.
FOREIGN_PLACE_BEHIND = re.compile(
    "(?:[、和][\u3400-\u9fff]{2,8}){0,4}等(?:地|方向|城|市|州|国|多地|多个)|[省州市县区郡裔族语币号岛湖河山港湾站谷人队俱]|地区|气田|油田|机场|国际|方向|"
    "妇女|以[东南西北]|[^，。、；：“”《》（）\\s的]{0,4}(?:公司|集团|银行|航空)|首都|首府|和[^,，。]{2,7}[等两三]地|附近|境内|沿海|登陆|药|片|结算|与美元|汇率")
#: Before a transcribed name: it is a place's.
FOREIGN_PLACE_BEFORE = ("首都", "首府", "重镇", "港口", "所在的", "地区的")
#: What a list of names under one office holds between two marks, and at its end.
LIST_ITEM = re.compile(
    rf"[{HAN}]{{2,4}}?(?=、|等[、，,。出参列陪]|和[{HAN}]{{2,3}}(?:等|出席|参加)|(?:等?(?:出席|参加|列席|陪同|参会)))"
)
#: Between two names of a row: 孙春兰（女）、王晨.
ROW = re.compile("(?:[（(][^（()）、\n]{1,8}[)）])?[、和]")
#: 、比亚迪公司董事长: no member of the list, but the organ of the next.
ORGAN_BEHIND = re.compile("公司|集团|银行|股份|大学|学院|研究院")
PLACE_ENDS = frozenset("村镇乡县区州湾岛河湖寺庙堡山路街桥屯坡岭沟店庄苑府城")
#: Teachings and prizes that bear a name: 毛泽东思想 speaks of no person.
NAMESAKE = re.compile(
    "(?:新时代[^,，。；;、]{0,16}|[法经外强生文][^,，。；;、]{1,3})?(?:思想|理论|主义|文化)|文学奖|学院|大学|精神(?!状态|饱满)|"
    "奖章"
)
#: The characters with which NAMESAKE and PLACE_BEHIND begin.
THING_BEGINNINGS = frozenset(
    "0123456789一七三中主乐九乡二五产传保八公六剧区医十厂县发口号合商四园国地城基堡墓大奖女学定实客寺小山岛峡工市庄店庙影手故效期村杯"
    "核桥水汽河沿洞港湖湾灌煤王球电研科突站等综联股艺药街证诊财超路都酒铁银镇队集青音领餐饭高外强思文新法理生精经"
)
#: 王 宁; 毛 伟 明 where the line or the bracket ends with it (王 宁 摄 names the photographer).
SPACED_NAME = re.compile(
    rf"([{HAN}])[ \u3000\xa0]{{1,2}}([{HAN}](?:[ \u3000\xa0]{{1,2}}(?![摄文图报讯])[{HAN}](?=[ \u3000]*(?:[\n)）]|$)))?)"
)
#: A country by its first character.
COUNTRY = (
    "[阿毛吉黎索乌俄美巴柬古欧韩白安肯越沙也伊以印德法英日朝蒙哈塔土波匈塞希意西葡荷比丹瑞挪芬冰奥捷克罗保泰缅马新菲文老孟尼斯加墨委哥秘智厄玻圭苏海埃利突摩刚津赞莫坦卢布马乍中美南北东西汤非]"
)
#: 阿方, 乌军: a country, with its side or its army.
COUNTRY_SIDE = re.compile(
    COUNTRY + "(?:军方|[方军企媒]|方[愿将已与同就为])|[中美俄日韩英法德印意加澳欧乌伊以巴沙土朝越柬]{2}"
)
