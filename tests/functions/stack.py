# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stack template: every resource of every branch against AWS's published schemas, and the rules of our own."""

import copy
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from tap import Skip, case, run

SOURCE = pathlib.Path(os.environ.get("PORCHLIGHT_SOURCE", pathlib.Path(__file__).parents[2]))
STACKS = SOURCE / "data" / "stacks"
FUNCTIONS = SOURCE / "data" / "functions"
VECTORS = pathlib.Path(os.environ.get("PORCHLIGHT_VECTORS", SOURCE / ".." / "shared" / "vectors" / "sigv4"))
SCHEMAS = VECTORS.parent / "cfn-schemas"

sys.path.insert(0, str(STACKS))
import assemble  # noqa: E402

TEXT = assemble.assemble(STACKS / "site.json", FUNCTIONS)
TEMPLATE = json.loads(TEXT)

PARAMETERS = {
    "SiteId": "0f0c1c1e-site", "SiteName": "Bäckerei & Söhne",
    "FormPath": "/_porchlight/contact", "ThanksPath": "/thanks/",
    "Owner": "a@example.org,b@example.org", "Sender": "a@example.org", "ApiSecret": "s" * 43,
    "SpamLevel": "normal", "MessageDays": "0", "MostAtOnce": 0, "DomainNames": "", "CertificateArn": "",
    "PriceClass": "PriceClass_100",
}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c-0000-4000-8000-0123456789ab"
NAMED = {"DomainNames": "example.org,www.example.org", "CertificateArn": CERTIFICATE}
ON = {"FormEnabled": "true", "VisitsEnabled": "true"}
# Every condition of the template, both ways, in all combinations
CHOICES = {
    "StoreEnabled": ({"StoreEnabled": "true"}, {"StoreEnabled": "false"}),
    "Names": ({}, NAMED),
    "FormEnabled": ({"FormEnabled": "false"}, {"FormEnabled": "true"}),
    "KeepMessages": ({"KeepMessages": "false"}, {"KeepMessages": "true"}),
    "VisitsEnabled": ({"VisitsEnabled": "false"}, {"VisitsEnabled": "true"}),
    "FormPath": ({}, {"FormPath": "/contact-handler", "ThanksPath": ""}),
    "MostAtOnce": ({}, {"MostAtOnce": 20}),
}
BRANCHES = [
    {**PARAMETERS, **{name: value for choice in chosen for name, value in choice.items()}}
    for chosen in itertools.product(*CHOICES.values())
]
WHOLE = {**PARAMETERS, **ON, "KeepMessages": "true"}
PSEUDO = {
    "AWS::StackName": "porchlight-bakery-abc234", "AWS::Region": "eu-central-1", "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com",
}
NO_VALUE = object()

# No schema of these is at hand: the properties of the CloudFormation reference that may be set, (required, others)
BY_HAND = {
    "AWS::ApiGatewayV2::Api": ({"Name", "ProtocolType"}, {"Description", "CorsConfiguration", "Tags"}),
    "AWS::ApiGatewayV2::Stage": ({"ApiId", "StageName"}, {"AutoDeploy", "DefaultRouteSettings", "RouteSettings"}),
    "AWS::ApiGatewayV2::Integration": (
        {"ApiId", "IntegrationType"}, {"IntegrationUri", "PayloadFormatVersion", "TimeoutInMillis"}),
    "AWS::ApiGatewayV2::Route": ({"ApiId", "RouteKey"}, {"Target", "AuthorizationType"}),
}
ATTRIBUTES_BY_HAND = {"AWS::ApiGatewayV2::Api": {"ApiId", "ApiEndpoint"}}


class Branch:
    """The template with the parameters filled in: what CloudFormation would make of it."""

    def __init__(self, parameters):
        self.used = set()
        self.parameters = {
            name: parameters.get(name, declared.get("Default")) for name, declared in TEMPLATE["Parameters"].items()}
        for name, declared in TEMPLATE["Parameters"].items():
            if declared["Type"] == "CommaDelimitedList":
                self.parameters[name] = self.parameters[name].split(",")
        self.conditions = {}
        for name in TEMPLATE["Conditions"]:
            self.condition(name)
        self.declared = {
            name: resource for name, resource in TEMPLATE["Resources"].items() if self.holds(resource)}
        self.resources = {
            name: {**resource, "Properties": self.resolve(resource.get("Properties", {}))}
            for name, resource in self.declared.items()}
        self.outputs = {
            name: self.resolve(output["Value"]) for name, output in TEMPLATE["Outputs"].items() if self.holds(output)}

    def holds(self, item):
        return self.conditions[item["Condition"]] if "Condition" in item else True

    def condition(self, name):
        if name not in self.conditions:
            self.conditions[name] = self.resolve(TEMPLATE["Conditions"][name])
        return self.conditions[name]

    def reference(self, name):
        if name in PSEUDO:
            return PSEUDO[name]
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.parameters:
            self.used.add(name)
            return self.parameters[name]
        kind = self.declared[name]["Type"]
        return {
            "AWS::CloudFront::Distribution": "E1ABCDEFGHIJKL",
            "AWS::ApiGatewayV2::Api": "a1b2c3d4e5",
            "AWS::S3::Bucket": "porchlight-bakery-abc234-bucket-1a2b3c4d5e6f",
        }.get(kind, f"{PSEUDO['AWS::StackName']}-{name}")

    def attribute(self, name, attribute):
        kind = self.declared[name]["Type"]
        known = attributes_of(kind)
        assert known is None or attribute in known, f"{kind} has no attribute {attribute}"
        if attribute == "ApiEndpoint":
            return "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
        if attribute.endswith("DomainName"):
            return f"{name.lower()}.example.com"
        if kind == "AWS::CloudFront::KeyValueStore":
            return "arn:aws:cloudfront::123456789012:key-value-store/11111111-2222-3333-4444-555555555555"
        if kind == "AWS::CloudFront::Function":
            return "arn:aws:cloudfront::123456789012:function/porchlight-bakery-abc234-edge"
        if kind == "AWS::Lambda::Function":
            return f"arn:aws:lambda:eu-central-1:123456789012:function:{name}"
        if kind == "AWS::IAM::Role":
            return f"arn:aws:iam::123456789012:role/{name}"
        if attribute == "StreamArn":
            return "arn:aws:dynamodb:eu-central-1:123456789012:table/t/stream/2026-01-01T00:00:00.000"
        return f"arn:aws:{kind.split('::')[1].lower()}:eu-central-1:123456789012:{name}"

    def substitute(self, text):
        def one(match):
            name = match.group(1)
            return self.attribute(*name.split(".", 1)) if "." in name else self.reference(name)
        return re.sub(r"\$\{([^}]+)\}", one, text)

    def resolve(self, value):
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (function, argument), = value.items()
            if function == "Ref":
                return self.reference(argument)
            if function == "Fn::GetAtt":
                return self.attribute(*argument)
            if function == "Fn::Sub":
                return self.substitute(argument)
            if function == "Fn::If":
                return self.resolve(argument[1] if self.conditions[argument[0]] else argument[2])
            if function == "Fn::Equals":
                first, second = (str(self.resolve(item)) for item in argument)
                return first == second
            if function in ("Fn::Or", "Fn::And"):
                return (any if function == "Fn::Or" else all)(list(map(self.resolve, argument)))
            if function == "Fn::Not":
                return not self.resolve(argument[0])
            if function == "Condition" and isinstance(argument, str):
                return self.condition(argument)
            if function == "Fn::Select":
                return self.resolve(argument[1])[int(argument[0])]
            if function == "Fn::Join":
                return argument[0].join(self.resolve(argument[1]))
            if function == "Fn::Split":
                return self.resolve(argument[1]).split(argument[0])
            assert not function.startswith("Fn::"), f"{function} is not known here"
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not NO_VALUE}


def distinct_resources():
    """Every resource as it comes out of all branches, each state of it once: (name, resource)."""
    seen = {}
    for parameters in BRANCHES:
        for name, resource in Branch(parameters).resources.items():
            seen.setdefault((name, json.dumps(resource, sort_keys=True)), resource)
    return [(name, resource) for (name, _), resource in seen.items()]


def schema_of(kind):
    path = SCHEMAS / (kind.removeprefix("AWS::").replace("::", "-").lower() + ".json")
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def attributes_of(kind):
    if kind in ATTRIBUTES_BY_HAND:
        return ATTRIBUTES_BY_HAND[kind]
    schema = schema_of(kind)
    if schema is None:
        return None
    return {path.removeprefix("/properties/").replace("/", ".") for path in schema.get("readOnlyProperties", [])}


def statements(resources):
    """Every policy statement with where it stands."""
    for name, resource in resources.items():
        properties = resource["Properties"]
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        documents += [properties[key] for key in ("PolicyDocument", "AssumeRolePolicyDocument") if key in properties]
        for document in documents:
            assert document["Version"] == "2012-10-17"
            for statement in document["Statement"]:
                yield name, statement


def as_list(value):
    return value if isinstance(value, list) else [value]


@case
def fits_into_a_request():
    assert len(TEXT) < 51_200, len(TEXT)
    print(f"# {len(TEXT)} bytes of 51200")


@case
def holds_the_functions_unchanged():
    resources = TEMPLATE["Resources"]
    edge = resources["Router"]["Properties"]["FunctionCode"]
    assert edge == assemble.load_edge(FUNCTIONS) and len(edge.encode()) <= 10_240 - 2_048, len(edge)
    for name in ("Contact", "Notify", "Visits"):
        assert resources[name]["Properties"]["Code"]["ZipFile"] == assemble.squeeze_file(FUNCTIONS / f"{name.lower()}.js")
    assert b"Porchlight::File" not in TEXT


@case
def squeezing_changes_no_meaning():
    for source, wanted in [
        ("const one = 1; // one\nconst two = one + +one;\n", "const a=1;const b=a+ +a;\n"),
        ("/* x */\nconst word = 'a  // b';\n", "const a='a  // b';\n"),
        ("const find = /[/'\"]\\/ +/g;\nx = 4 / 2 / 1;\n", "const a=/[/'\"]\\/ +/g;x=4/2/1;\n"),
        ("function go(text) {\n  return /x y/.test(text);\n}\n\ngo(1);\n", "function a(b){return/x y/.test(b);}a(1);\n"),
        ("const line = `a  ${ say(`b  ${ line + 1 }`) } // c`;\n", "const a=`a  ${say(`b  ${a+1}`)} // c`;\n"),
        ("const key = 1;\nx({ key: key, b: o.key }, c ? key : key);\n", "const a=1;x({key:a,b:o.key},c?a:a);\n"),
        # a name that also stands for a member keeps its own
        ("const key = 1, word = 2;\nx({ key, word: word });\n", "const key=1,a=2;x({key,word:a});\n"),
        ("async function go() { }\nclass Big { }\nnew Big(go);\n", "async function b(){}class a{}new a(b);\n"),
        # spread, rest, patterns with values, arrows, optional members
        ("const all = (first, ...rest) => [...rest, first?.rest];\n", "const c=(a,...b)=>[...b,a?.rest];\n"),
        ("const [head = 1, { name: word = head }] = list;\nx(word);\n", "const[a=1,{name:b=a}]=list;x(b);\n"),
        ("for (const item of list)\n  x(item);\n", "for(const a of list)x(a);\n"),
        ("try {\n  x();\n} catch (error) {\n  y(error);\n}\n", "try{x();}catch(a){y(a);}\n"),
        ("let count = 0;\ncount++;\nx(count + ++count);\n", "let a=0;a++;x(a+ ++a);\n"),
        # what is there without being declared stays, and so does what would hide it
        ("function send(URL) {\n  return new URL(process.env.HOME);\n}\n", "function a(URL){return new URL(process.env.HOME);}\n"),
        ("const o = { run(task) { return task; }, async go() { } };\n", "const o={run(a){return a},async go(){}};\n"),
    ]:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "x.js"
            path.write_text(source, encoding="utf-8")
            assert assemble.squeeze_file(path) == wanted, (assemble.squeeze_file(path), wanted)


@case
def refuses_what_is_too_large():
    with tempfile.TemporaryDirectory() as folder:
        for name in ("edge.js", "contact.js", "notify.js", "visits.js"):
            text = "// nothing\n" if name != "edge.js" else "import cf from 'cloudfront';\nconst EMBEDDED = null;\nf('" + "x" * 8_200 + "');\n"
            (pathlib.Path(folder) / name).write_text(text, encoding="utf-8")
        result = subprocess.run(
            [sys.executable, STACKS / "assemble.py", STACKS / "site.json", folder, pathlib.Path(folder) / "out"],
            capture_output=True, text=True)
        assert result.returncode == 1 and "edge.js has 8257 bytes" in result.stderr, result
        for wrong in ("const EMBEDDED = null;\n", "import cf from 'cloudfront';\nf();\n"):
            (pathlib.Path(folder) / "edge.js").write_text(wrong, encoding="utf-8")
            try:
                assemble.load_edge(pathlib.Path(folder))
            except ValueError:
                continue
            raise AssertionError(f"taken: {wrong}")
        (pathlib.Path(folder) / "edge.js").write_text("import cf from 'cloudfront';\nconst EMBEDDED = null;\n", encoding="utf-8")
        (pathlib.Path(folder) / "contact.js").write_text("x" * 50_000, encoding="utf-8")
        result = subprocess.run(
            [sys.executable, STACKS / "assemble.py", STACKS / "site.json", folder, pathlib.Path(folder) / "out"],
            capture_output=True, text=True)
        assert result.returncode == 1 and "a request takes 51200" in result.stderr, result
        assert not (pathlib.Path(folder) / "out").exists()


@case
def every_resource_of_every_branch_fits_its_schema():
    if not SCHEMAS.is_dir():
        raise Skip("there are no schemas beside the signing vectors")
    try:
        import jsonschema
    except ImportError:
        raise Skip("python3-jsonschema is not installed")

    def pattern(validator, expression, instance, schema):
        # the schemas' expressions are for other engines; those that Python can't read are left out
        try:
            matches = not isinstance(instance, str) or re.search(expression, instance)
        except re.error:
            return
        if not matches:
            yield jsonschema.ValidationError(f"{instance!r} does not match {expression!r}")

    validator = jsonschema.validators.extend(jsonschema.Draft7Validator, {"pattern": pattern})
    kinds = set()
    resources = distinct_resources()
    for name, resource in resources:
        schema = schema_of(resource["Type"])
        kinds.add(resource["Type"])
        if schema is None:
            required, others = BY_HAND[resource["Type"]]
            names = set(resource["Properties"])
            assert required <= names <= required | others, (name, names)
            continue
        read_only = {path.removeprefix("/properties/") for path in schema.get("readOnlyProperties", [])}
        assert not read_only & set(resource["Properties"]), name
        errors = [f"{name}: {'/'.join(map(str, error.path))}: {error.message[:300]}"
                  for error in validator(schema).iter_errors(resource["Properties"])]
        assert not errors, errors
    print(f"# {len(kinds)} resource types, {len(resources)} resources from {len(BRANCHES)} branches")


def read_spec(kinds):
    """What npm's @aws-cdk/aws-service-spec knows of these types."""
    folder = os.environ.get("PORCHLIGHT_NODE_MODULES", "")
    if not folder and "CI" in os.environ:
        raise AssertionError("PORCHLIGHT_NODE_MODULES names no folder: in CI the packages must be there")
    if not folder or not shutil.which("node"):
        raise Skip("PORCHLIGHT_NODE_MODULES names no folder, or there is no Node.js")
    script = pathlib.Path(__file__).with_name("spec.mjs")
    return json.loads(subprocess.run(["node", script, *sorted(kinds)], check=True, capture_output=True, text=True).stdout)


def misfits(value, types, spec, where):
    """Why a value is none of the types: an empty list when it is one."""
    found = []
    for kind in types:
        wrong = misfits_of(value, kind, spec, where)
        if not wrong:
            return []
        found = found or wrong
    return found


def misfits_of(value, kind, spec, where):
    name = kind["type"]
    if name == "union":
        return misfits(value, kind["types"], spec, where)
    if name == "array":
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no list"]
        return [wrong for item in value for wrong in misfits_of(item, kind["element"], spec, where)]
    if name == "ref":
        return misfits_of_members(value, spec["types"][kind["reference"]["$ref"]]["properties"], spec, where)
    if name == "map":
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no map"]
        return [wrong for key, item in value.items() for wrong in misfits_of(item, kind["element"], spec, f"{where}.{key}")]
    fits = {
        "string": isinstance(value, str), "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, (int, float)) and not isinstance(value, bool),
        "json": isinstance(value, (dict, list, str)),
    }
    return [] if fits[name] else [f"{where}: {value!r} is no {name}"]


def misfits_of_members(value, properties, spec, where):
    if not isinstance(value, dict):
        return [f"{where}: {value!r} has no members"]
    wrong = [f"{where}.{name} is not known" for name in value if name not in properties]
    wrong += [f"{where}.{name} is missing" for name, item in properties.items() if item["required"] and name not in value]
    for name, item in value.items():
        if name in properties:
            wrong += misfits(item, properties[name]["types"], spec, f"{where}.{name}")
    return wrong


@case
def every_resource_has_the_shape_that_the_cdk_knows():
    resources = distinct_resources()
    spec = read_spec({resource["Type"] for _, resource in resources})
    for name, resource in resources:
        known = spec["resources"][resource["Type"]]
        assert known, f"{resource['Type']} is not known"
        wrong = misfits_of_members(resource["Properties"], known["properties"], spec, name)
        assert not wrong, wrong
    for name, attribute in re.findall(r'"Fn::GetAtt":\["(\w+)","([\w.]+)"\]', TEXT.decode()):
        kind = TEMPLATE["Resources"][name]["Type"]
        assert attribute in spec["resources"][kind]["attributes"], f"{kind} has no attribute {attribute}"
    # the check itself can fail
    bucket = spec["resources"]["AWS::S3::Bucket"]["properties"]
    assert misfits_of_members({"BucketNam": "x"}, bucket, spec, "Bucket")
    assert misfits_of_members({"OwnershipControls": {"Rules": {}}}, bucket, spec, "Bucket")
    assert misfits_of_members({}, spec["resources"]["AWS::CloudFront::Distribution"]["properties"], spec, "Distribution")
    print(f"# {len(resources)} resources")


@case
def nothing_that_can_be_switched_makes_files_messages_or_the_address_anew():
    spec = read_spec({"AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::CloudFront::Distribution"})
    for name in ("Bucket", "Table", "Distribution"):
        known = spec["resources"][TEMPLATE["Resources"][name]["Type"]]["properties"]
        states = [resource["Properties"] for other, resource in distinct_resources() if other == name]
        for one, other in itertools.combinations(states, 2):
            changed = {key for key in {*one, *other} if one.get(key) != other.get(key)}
            assert not {key for key in changed if known[key]["replaces"]}, (name, changed)


@case
def the_form_is_there_only_when_wanted():
    off, kept, counting, form, on = (Branch({**PARAMETERS, "FormEnabled": "false", "KeepMessages": "false", **more}) for more in (
        {}, {"KeepMessages": "true"}, {"VisitsEnabled": "true"}, {"FormEnabled": "true"}, ON))
    base = {"Bucket", "BucketPolicy", "Store", "Router", "AccessControl", "Distribution", "Publisher"}
    api = {"Table", "Api", "ApiStage"}
    visits = {"Visits", "VisitsLog", "VisitsRole", "VisitsIntegration", "VisitsRoute", "VisitsPermission"}
    assert set(off.resources) == base, set(off.resources)
    assert set(kept.resources) == base | {"Table"}
    assert set(counting.resources) == base | api | visits
    assert set(form.resources) == set(TEMPLATE["Resources"]) - visits
    assert set(on.resources) == set(TEMPLATE["Resources"])
    outputs = {"SiteId", "SiteName", "Bucket", "DistributionId", "DistributionHost", "EdgeFunction", "StoreArn", "PublisherRole"}
    assert set(off.outputs) == outputs
    assert set(counting.outputs) == outputs | {"VisitsTable", "ApiHost"}
    assert set(on.outputs) == set(TEMPLATE["Outputs"])
    assert on.outputs["ApiHost"] == "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
    assert off.resources["Distribution"]["Properties"]["DistributionConfig"].get("CacheBehaviors") is None
    assert len(off.resources["Distribution"]["Properties"]["DistributionConfig"]["Origins"]) == 1


@case
def a_site_can_do_without_a_store():
    with_it, without = (Branch({**PARAMETERS, "FormEnabled": "false", "KeepMessages": "false", "StoreEnabled": store})
                        for store in ("true", "false"))
    assert set(with_it.resources) - set(without.resources) == {"Store", "Publisher"}
    assert set(with_it.outputs) - set(without.outputs) == {"StoreArn", "PublisherRole"}
    assert without.outputs["EdgeFunction"] == without.resources["Router"]["Properties"]["Name"]
    assert len(with_it.resources["Router"]["Properties"]["FunctionConfig"]["KeyValueStoreAssociations"]) == 1
    assert without.resources["Router"]["Properties"]["FunctionConfig"].get("KeyValueStoreAssociations") is None


@case
def own_names_come_with_their_certificate():
    def config(**chosen):
        return Branch({**WHOLE, **chosen}).resources["Distribution"]["Properties"]["DistributionConfig"]

    named = config(**NAMED)
    assert named["Aliases"] == ["example.org", "www.example.org"]
    assert named["ViewerCertificate"] == {
        "AcmCertificateArn": CERTIFICATE, "MinimumProtocolVersion": "TLSv1.2_2021", "SslSupportMethod": "sni-only"}
    # names without it would be refused, or every visitor would be warned
    for without in ({}, {"DomainNames": "example.org"}):
        free = config(**without)
        assert "Aliases" not in free and free["ViewerCertificate"] == {"CloudFrontDefaultCertificate": True}
    # names that move here from another website come after it
    early = config(CertificateArn=CERTIFICATE)
    assert "Aliases" not in early and early["ViewerCertificate"] == named["ViewerCertificate"]
    for name in ("PriceClass_100", "PriceClass_200", "PriceClass_All"):
        assert config(PriceClass=name)["PriceClass"] == name


@case
def every_parameter_is_used_and_checked():
    used = set().union(*(Branch(parameters).used for parameters in BRANCHES))
    assert used == set(TEMPLATE["Parameters"]), used ^ set(TEMPLATE["Parameters"])
    for name, parameter in TEMPLATE["Parameters"].items():
        # the pattern of a list would hold for each of its values, and "" is one
        assert {"AllowedPattern", "AllowedValues", "MaxLength", "MaxValue"} & set(parameter) or name == "DomainNames", name
    assert TEMPLATE["Parameters"]["ApiSecret"]["NoEcho"] is True

    for name, good, bad in [
        ("SiteId", ["a-1"], ["", "a b", "a/b"]),
        ("FormPath", ["/_porchlight/contact", "/contact-handler", "/_porchlight/visits2"],
         ["", "/", "a", "/a/", "//a", "/a*", "/a b", "/a?b", "/_porchlight/visits"]),
        ("ThanksPath", ["", "/", "/thanks/", "/thanks.html"], ["thanks", "/a b", "/a\\b", "/a?b"]),
        ("CertificateArn", ["", CERTIFICATE],
         ["x", CERTIFICATE.replace("us-east-1", "eu-central-1"), CERTIFICATE + "x", CERTIFICATE.replace(":acm:", ":iam:")]),
        ("MessageDays", ["0", "1", "9999"], ["", "-1", "01", "10000", "x"]),
        ("ApiSecret", ["", "x" * 128], ["a b", "x" * 129, "ä"]),
    ]:
        expression = re.compile(TEMPLATE["Parameters"][name]["AllowedPattern"])
        assert all(expression.fullmatch(value) for value in good), name
        assert not any(expression.fullmatch(value) for value in bad), name


@case
def no_statement_allows_everything():
    for parameters in BRANCHES:
        for name, statement in statements(Branch(parameters).resources):
            actions = as_list(statement["Action"])
            if statement["Effect"] == "Deny":
                continue
            assert not {"NotAction", "NotResource", "NotPrincipal"} & set(statement), name
            assert all("*" not in action for action in actions), (name, actions)
            for resource in as_list(statement.get("Resource", [])):
                assert re.match(r"arn:aws:[^:]+:[^:]*:[^:]*:[^*]", resource), (name, resource)
            assert statement.get("Principal") not in ("*", {"AWS": "*"}), name


@case
def roles_can_only_do_their_work():
    roles = {}
    for name, statement in statements(Branch(WHOLE).resources):
        if "Principal" not in statement:
            roles.setdefault(name, set()).update(as_list(statement["Action"]))
    logs = {"logs:CreateLogStream", "logs:PutLogEvents"}
    assert roles["ContactRole"] == {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"} | logs, roles["ContactRole"]
    assert roles["VisitsRole"] == {"dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"} | logs, roles["VisitsRole"]
    assert roles["NotifyRole"] == {
        "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
        "dynamodb:UpdateItem", "ses:SendEmail"} | logs, roles["NotifyRole"]
    assert {action.split(":")[0] for action in roles["Publisher"]} == {"cloudfront-keyvaluestore"}


@case
def roles_reach_their_part_of_the_table():
    partitions = {}
    for name, statement in statements(Branch(WHOLE).resources):
        for action in as_list(statement["Action"]):
            if action.startswith("dynamodb:") and "Condition" in statement:
                keys = statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]
                partitions.setdefault((name, action), set()).update(keys)
    assert partitions == {
        ("ContactRole", "dynamodb:PutItem"): {"form#contact"},
        ("ContactRole", "dynamodb:UpdateItem"): {"throttle", "sent", "proof", "words"},
        ("ContactRole", "dynamodb:GetItem"): {"throttle", "sent", "proof", "words"},
        ("VisitsRole", "dynamodb:PutItem"): {"seen", "visits"},
        ("VisitsRole", "dynamodb:UpdateItem"): {"seen", "visits"},
        ("VisitsRole", "dynamodb:Query"): {"seen", "visits"},
        ("NotifyRole", "dynamodb:UpdateItem"): {"form#contact"},
    }, partitions


@case
def the_bucket_is_closed():
    for parameters in BRANCHES:
        resources = Branch(parameters).resources
        bucket = resources["Bucket"]["Properties"]
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        assert not {"BucketName", "WebsiteConfiguration", "AccessControl"} & set(bucket)
        allows = [item for name, item in statements(resources) if name == "BucketPolicy" and item["Effect"] == "Allow"]
        denies = [item for name, item in statements(resources) if name == "BucketPolicy" and item["Effect"] == "Deny"]
        for statement in allows:
            assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
            assert statement["Condition"]["StringEquals"]["AWS:SourceArn"].endswith(":distribution/E1ABCDEFGHIJKL")
        assert denies[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert len(denies[0]["Resource"]) == 2


@case
def what_the_owner_can_lose_is_kept():
    for name, resource in TEMPLATE["Resources"].items():
        keeps = resource["Type"] in ("AWS::S3::Bucket", "AWS::DynamoDB::Table")
        assert resource.get("DeletionPolicy") == ("RetainExceptOnCreate" if keeps else None), name
        assert resource.get("UpdateReplacePolicy") == ("Retain" if keeps else None), name


@case
def the_distribution_is_as_promised():
    for parameters in BRANCHES:
        config = Branch(parameters).resources["Distribution"]["Properties"]["DistributionConfig"]
        assert (config["HttpVersion"], config["IPV6Enabled"], config["Enabled"]) == ("http2and3", True, True)
        behaviours = [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", [])]
        origins = {origin["Id"] for origin in config["Origins"]}
        for behaviour in behaviours:
            assert behaviour["TargetOriginId"] in origins
            assert behaviour["ViewerProtocolPolicy"] in ("redirect-to-https", "https-only")
            assert behaviour["ResponseHeadersPolicyId"] == "67f7725c-6f97-4210-82d7-5512b31e9d03"
            assert not {"ForwardedValues", "DefaultTTL", "LambdaFunctionAssociations"} & set(behaviour)
        assert config["DefaultCacheBehavior"]["CachePolicyId"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"
        assert config["DefaultCacheBehavior"]["Compress"] is True
        assert config["CustomErrorResponses"] == [
            {"ErrorCode": 404, "ResponseCode": 404, "ResponsePagePath": "/system/404.html", "ErrorCachingMinTTL": 10}]
        for origin in config["Origins"]:
            if origin["Id"] == "files":
                assert origin["S3OriginConfig"] == {"OriginAccessIdentity": ""} and origin["OriginAccessControlId"]
            else:
                assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
                assert origin["OriginCustomHeaders"] == [{"HeaderName": "x-porchlight-secret", "HeaderValue": "s" * 43}]
        paths = []
        if parameters["FormEnabled"] == "true":
            paths += dict.fromkeys([parameters["FormPath"], "/contact-handler"])
        if parameters["VisitsEnabled"] == "true":
            paths.append("/_porchlight/visits")
        assert [behaviour["PathPattern"] for behaviour in behaviours[1:]] == paths
        for behaviour in behaviours[1:]:
            assert behaviour["TargetOriginId"] == "api" and "POST" in behaviour["AllowedMethods"]
            assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
            assert behaviour["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"


@case
def the_api_is_slowed_down_and_reached_by_its_routes():
    resources = Branch(WHOLE).resources
    settings = resources["ApiStage"]["Properties"]["DefaultRouteSettings"]
    assert 0 < settings["ThrottlingRateLimit"] <= settings["ThrottlingBurstLimit"] <= 100
    assert resources["ApiStage"]["Properties"]["StageName"] == "$default"
    assert resources["ApiStage"]["Properties"]["AutoDeploy"] is True
    for parameters, routes in [
        (WHOLE, {"ANY /_porchlight/contact": "ApiIntegration", "ANY /contact-handler": "ApiIntegration",
                 "ANY /_porchlight/visits": "VisitsIntegration"}),
        ({**WHOLE, "FormPath": "/contact-handler"}, {"ANY /contact-handler": "ApiIntegration", "ANY /_porchlight/visits": "VisitsIntegration"}),
    ]:
        resources = Branch(parameters).resources
        found = {resource["Properties"]["RouteKey"]: resource["Properties"]["Target"]
                 for resource in resources.values() if resource["Type"] == "AWS::ApiGatewayV2::Route"}
        assert found == {key: f"integrations/{PSEUDO['AWS::StackName']}-{name}" for key, name in routes.items()}, found
    for name in ("ApiPermission", "VisitsPermission"):
        assert resources[name]["Properties"]["SourceArn"] == "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/*"


@case
def functions_are_modern_and_their_logs_expire():
    resources = Branch(WHOLE).resources
    assert resources["Router"]["Properties"]["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert resources["Router"]["Properties"]["AutoPublish"] is True
    capped = Branch({**WHOLE, "MostAtOnce": 7}).resources
    for name in ("Contact", "Notify", "Visits"):
        function = resources[name]["Properties"]
        assert capped[name]["Properties"].get("ReservedConcurrentExecutions") == (None if name == "Notify" else 7)
        assert (function["Runtime"], function["Handler"]) == ("nodejs24.x", "index.handler")
        assert "ReservedConcurrentExecutions" not in function
        log = resources[name + "Log"]["Properties"]
        assert log["RetentionInDays"] == 14 and log["LogGroupName"].startswith("/aws/lambda/")
    source = resources["NotifySource"]["Properties"]
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"] and source["MaximumRetryAttempts"] == 100
    assert source["StartingPosition"] == "TRIM_HORIZON" and source["BisectBatchOnFunctionError"] is True
    pattern = json.loads(source["FilterCriteria"]["Filters"][0]["Pattern"])
    assert pattern == {"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "form#"}]}}}}


@case
def names_fit_for_the_longest_stack_name():
    longest = "porchlight-" + "x" * 38 + "-abc234"
    before = copy.copy(PSEUDO)
    try:
        PSEUDO["AWS::StackName"] = longest
        resources = Branch(WHOLE).resources
        names = [resources["Store"]["Properties"]["Name"], resources["Router"]["Properties"]["Name"],
                 resources["AccessControl"]["Properties"]["OriginAccessControlConfig"]["Name"]]
        assert len(longest) == 56 and all(len(name) <= 64 and name.startswith(longest) for name in names), names
    finally:
        PSEUDO.update(before)


@case
def cfn_lint_has_no_complaint():
    program = shutil.which("cfn-lint")
    if program is None:
        raise Skip("cfn-lint is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "site.json"
        path.write_bytes(TEXT)
        result = subprocess.run([program, "--regions", "eu-central-1", "--format", "parseable", "--", path],
                                capture_output=True, text=True)
    assert result.returncode in (0, 2, 4, 6), result.stderr
    # runtimes that came after the installed version are not known to it
    complaints = [line for line in result.stdout.splitlines() if "nodejs24.x" not in line]
    assert not complaints, complaints


if __name__ == "__main__":
    run()
