"""The pages: thin views that render a template; what they show comes from the API or a store."""
