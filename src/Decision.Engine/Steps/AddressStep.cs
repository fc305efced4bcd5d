namespace Decision.Engine.Steps;

/// <summary>The client's address is in the policies' list and in the key's own, where there are such.</summary>
internal static class AddressStep
{
    public static Reason Check(ref DecisionContext context)
    {
        var ofPolicies = context.ApiGrant!.Addresses;
        var ofKey = context.Grant!.OwnAddresses;
        if (ofPolicies is null && ofKey is null)
        {
            context.Sentence = "Every client address is allowed.";
            return Reason.Allowed;
        }

        string address = context.Request.ClientIp ?? "";
        string refusing = ofKey?.Contains(address) == false ? "key"
            : ofPolicies?.Contains(address) == false ? context.ApiGrant.Right.Grantor
            : "";
        if (context.IsExplained)
        {
            context.Sentence = address.Length == 0 ? "The request states no client_ip, and allowed_ips is set."
                : refusing.Length == 0 ? $"Client address {address} is in allowed_ips."
                : $"Client address {address} is not in allowed_ips.";
        }

        return refusing.Length == 0 ? Reason.Allowed : context.Deny(Reason.IpNotGranted, refusing);
    }
}
