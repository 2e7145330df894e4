"""Addresses of signing in; allauth and the admin find them by these names."""

from django.urls import path

from membership.views import accounts

urlpatterns = [
    path("sign-in/", accounts.sign_in, name="account_login"),
    path("sign-in/code/", accounts.redeem, name="redeem"),
    path("sign-in/resume/", accounts.resume, name="resume"),
    path("sign-out/", accounts.sign_out, name="account_logout"),
    path("account/password/", accounts.change_password, name="account_change_password"),
    path("account/sessions/", accounts.sessions, name="sessions"),
    path("account/<int:pk>/slip/", accounts.slip, name="account_slip"),
    path("language/", accounts.language, name="language"),
    path("appearance/", accounts.appearance, name="appearance"),
]
