//! What a CloudTrail event touched: the resources it lists, ARNs in its parameters, and ids whose ARN
//! follows from account and region without a guess. A name whose ARN does not follow stays a name. What is
//! made of them is `cloudtrail` and `replay`.

use crate::classify::estate::Arn;
use crate::proposal::ProposedResource;
use serde_json::{Map, Value};

/// Where an event happened.
#[derive(Debug, Clone, Copy)]
pub struct Where<'a> {
    pub service: &'a str,
    /// Twelve digits, or empty.
    pub account: &'a str,
    pub region: &'a str,
}

/// What the event lists and what its request names, each once, in order.
pub fn by_request(event: &Map<String, Value>, place: Where<'_>) -> Vec<ProposedResource> {
    let mut found = Found::new(place);
    for item in event.get("resources").and_then(Value::as_array).into_iter().flatten() {
        let text = |names: [&str; 2]| names.iter().find_map(|name| item.get(name)?.as_str()).map(str::to_owned);
        if let Some(uid) = text(["ARN", "arn"]).or_else(|| text(["ARNPrefix", "arnPrefix"])) {
            found.add(uid, text(["type", "type"]), text(["accountId", "accountId"]));
        }
    }
    if let Some(parameters) = event.get("requestParameters").and_then(Value::as_object) {
        found.walk(parameters, "");
        found.bucket_and_key(parameters);
    }
    found.resources
}

/// As `by_request`, with what the answer says was made.
pub fn by_event(event: &Map<String, Value>, place: Where<'_>) -> Vec<ProposedResource> {
    let mut found = Found { resources: by_request(event, place), place };
    let wrote = event.get("readOnly").and_then(Value::as_bool) == Some(false);
    if wrote && let Some(answer) = event.get("responseElements").and_then(Value::as_object) {
        found.walk(answer, "");
    }
    found.resources
}

struct Found<'a> {
    resources: Vec<ProposedResource>,
    place: Where<'a>,
}

impl<'a> Found<'a> {
    fn new(place: Where<'a>) -> Self {
        Found { resources: Vec::new(), place }
    }

    fn add(&mut self, uid: String, kind: Option<String>, account: Option<String>) {
        if uid.trim().is_empty() || self.resources.iter().any(|known| known.uid == uid) {
            return;
        }
        let arn = Arn::parse(&uid);
        let of_arn = |part: fn(&Arn<'_>) -> String| arn.as_ref().map(part).filter(|text| !text.is_empty());
        let account = of_arn(|arn| arn.account.to_owned()).or(account).filter(|text| !text.is_empty());
        let region = of_arn(|arn| arn.region.to_owned());
        self.resources.push(ProposedResource { uid, kind, account, region });
    }

    fn walk(&mut self, object: &Map<String, Value>, above: &str) {
        // A policy document says who may touch what; it is not what the request touches.
        if object.contains_key("Statement") {
            return;
        }
        for (name, value) in object {
            // Some EC2 requests carry a value as {"tag": 1, "content": "…"}.
            let name = if name == "content" { above } else { name };
            self.value(name, value);
        }
    }

    fn value(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(inner) => self.walk(inner, name),
            Value::Array(items) => items.iter().for_each(|item| self.value(name, item)),
            Value::String(text) => self.text(name, text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        if Arn::parse(text).is_some_and(|arn| !arn.service.is_empty() && !arn.resource.is_empty()) {
            return self.add(text.to_owned(), None, None);
        }
        let Where { service, account, region } = self.place;
        let name = name.to_lowercase();
        if text.is_empty() || text.len() > 1_024 {
            return;
        }
        if matches!(service, "ec2" | "ssm" | "elasticloadbalancing" | "autoscaling")
            && let Some((kind, segment)) = ec2_id(&name, text)
        {
            // An image may be another account's; its ARN names none.
            let owner = if segment == "image" { "" } else { account };
            let uid = format!("arn:aws:ec2:{region}:{owner}:{segment}/{text}");
            return self.add(uid, Some(kind.to_owned()), Some(account.to_owned()).filter(|_| segment != "image"));
        }
        let here = |rest: &str| format!("arn:aws:{service}:{region}:{account}:{rest}");
        let (uid, kind) = match (service, name.as_str()) {
            ("s3", "bucketname") => (format!("arn:aws:s3:::{text}"), "AWS::S3::Bucket"),
            ("ssm", "name" | "names") if !text.contains(' ') => {
                (here(&format!("parameter/{}", text.trim_start_matches('/'))), "AWS::SSM::Parameter")
            }
            ("logs", "loggroupname") => (here(&format!("log-group:{text}")), "AWS::Logs::LogGroup"),
            ("cloudtrail", "name" | "trailname") => (here(&format!("trail/{text}")), "AWS::CloudTrail::Trail"),
            ("lambda", "functionname") => (here(&format!("function:{text}")), "AWS::Lambda::Function"),
            ("dynamodb", "tablename") => (here(&format!("table/{text}")), "AWS::DynamoDB::Table"),
            ("rds", "dbinstanceidentifier") => (here(&format!("db:{text}")), "AWS::RDS::DBInstance"),
            ("rds", "dbclusteridentifier") => (here(&format!("cluster:{text}")), "AWS::RDS::DBCluster"),
            ("kms", "keyid") if text.starts_with("alias/") => (here(text), "AWS::KMS::Alias"),
            ("kms", "keyid") => (here(&format!("key/{text}")), "AWS::KMS::Key"),
            // Their ARNs hold a path or a random suffix that the request does not give.
            ("iam", "rolename") => (text.to_owned(), "AWS::IAM::Role"),
            ("iam", "username") => (text.to_owned(), "AWS::IAM::User"),
            ("iam", "groupname") => (text.to_owned(), "AWS::IAM::Group"),
            ("iam", "instanceprofilename") => (text.to_owned(), "AWS::IAM::InstanceProfile"),
            ("secretsmanager", "secretid" | "name") => (text.to_owned(), "AWS::SecretsManager::Secret"),
            _ => return,
        };
        self.add(uid, Some(kind.to_owned()), Some(account.to_owned()));
    }

    fn bucket_and_key(&mut self, parameters: &Map<String, Value>) {
        let text = |name: &str| {
            parameters.get(name).and_then(Value::as_str).filter(|text| !text.is_empty() && text.len() <= 1_024)
        };
        if self.place.service == "s3"
            && let (Some(bucket), Some(key)) = (text("bucketName"), text("key"))
        {
            self.add(format!("arn:aws:s3:::{bucket}/{key}"), Some("AWS::S3::Object".to_owned()), None);
        }
    }
}

/// CloudFormation type and ARN segment of an EC2 id: the parameter's name and the id's own prefix must agree.
fn ec2_id(name: &str, text: &str) -> Option<(&'static str, &'static str)> {
    const IDS: [(&str, &str, &str, &str); 20] = [
        ("vpcid", "vpc-", "AWS::EC2::VPC", "vpc"),
        ("subnetid", "subnet-", "AWS::EC2::Subnet", "subnet"),
        ("routetableid", "rtb-", "AWS::EC2::RouteTable", "route-table"),
        ("internetgatewayid", "igw-", "AWS::EC2::InternetGateway", "internet-gateway"),
        ("gatewayid", "igw-", "AWS::EC2::InternetGateway", "internet-gateway"),
        ("gatewayid", "vgw-", "AWS::EC2::VPNGateway", "vpn-gateway"),
        ("natgatewayid", "nat-", "AWS::EC2::NatGateway", "natgateway"),
        ("networkinterfaceid", "eni-", "AWS::EC2::NetworkInterface", "network-interface"),
        ("instanceid", "i-", "AWS::EC2::Instance", "instance"),
        ("instanceids", "i-", "AWS::EC2::Instance", "instance"),
        ("volumeid", "vol-", "AWS::EC2::Volume", "volume"),
        ("snapshotid", "snap-", "AWS::EC2::Snapshot", "snapshot"),
        ("imageid", "ami-", "AWS::EC2::Image", "image"),
        ("groupid", "sg-", "AWS::EC2::SecurityGroup", "security-group"),
        ("allocationid", "eipalloc-", "AWS::EC2::EIP", "elastic-ip"),
        ("flowlogid", "fl-", "AWS::EC2::FlowLog", "vpc-flow-log"),
        ("networkaclid", "acl-", "AWS::EC2::NetworkAcl", "network-acl"),
        ("vpcendpointid", "vpce-", "AWS::EC2::VPCEndpoint", "vpc-endpoint"),
        ("vpcpeeringconnectionid", "pcx-", "AWS::EC2::VPCPeeringConnection", "vpc-peering-connection"),
        ("launchtemplateid", "lt-", "AWS::EC2::LaunchTemplate", "launch-template"),
    ];
    let plain = text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let found = IDS.iter().find(|(named, prefix, _, _)| plain && name == *named && text.starts_with(prefix));
    found.map(|(_, _, kind, segment)| (*kind, *segment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn resources_follow_without_a_guess() {
        for (service, event, uids) in [
            (
                "ec2",
                json!({"requestParameters": {"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}}}),
                vec![
                    "arn:aws:ec2:eu-west-1:111111111111:instance/i-1",
                    "arn:aws:ec2:eu-west-1:111111111111:instance/i-2",
                ],
            ),
            (
                "ec2",
                json!({"requestParameters": {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": "fl-1"}}}}),
                vec!["arn:aws:ec2:eu-west-1:111111111111:vpc-flow-log/fl-1"],
            ),
            ("ec2", json!({"requestParameters": {"vpcId": "not an id"}}), vec![]),
            ("ec2", json!({"requestParameters": {"imageId": "ami-1"}}), vec!["arn:aws:ec2:eu-west-1::image/ami-1"]),
            (
                "s3",
                json!({"requestParameters": {"bucketName": "b", "key": "k/1"}, "resources": [{"ARN": "arn:aws:s3:::b", "type": "AWS::S3::Bucket", "accountId": "111111111111"}]}),
                vec!["arn:aws:s3:::b", "arn:aws:s3:::b/k/1"],
            ),
            (
                "iam",
                json!({"requestParameters": {"roleName": "r", "policyArn": "arn:aws:iam::aws:policy/P"}}),
                vec!["arn:aws:iam::aws:policy/P", "r"],
            ),
            (
                "ssm",
                json!({"requestParameters": {"name": "/a/b"}}),
                vec!["arn:aws:ssm:eu-west-1:111111111111:parameter/a/b"],
            ),
            ("iam", json!({"requestParameters": null, "resources": "x"}), vec![]),
            (
                "s3",
                json!({"requestParameters": {"bucketName": "b", "bucketPolicy": {"Statement": [{"Resource": "arn:aws:s3:::b/*"}]}}}),
                vec!["arn:aws:s3:::b"],
            ),
        ] {
            let found =
                by_request(event.as_object().unwrap(), Where { service, account: "111111111111", region: "eu-west-1" });
            let mut found: Vec<_> = found.iter().map(|resource| resource.uid.as_str()).collect();
            found.sort_unstable();
            assert_eq!(found, uids, "{event}");
        }
    }

    #[test]
    fn what_was_made_counts_for_the_record_alone() {
        let event = json!({"readOnly": false, "requestParameters": {"cidrBlock": "10.0.0.0/16"}, "responseElements": {"vpc": {"vpcId": "vpc-1"}}});
        let place = Where { service: "ec2", account: "111111111111", region: "eu-west-1" };
        assert!(by_request(event.as_object().unwrap(), place).is_empty());
        assert_eq!(by_event(event.as_object().unwrap(), place)[0].uid, "arn:aws:ec2:eu-west-1:111111111111:vpc/vpc-1");
    }
}
