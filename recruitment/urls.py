"""Addresses of recruitment."""

from django.urls import path

from recruitment.views import candidates, entering, listing, putting_off, stepping, together, work

urlpatterns = [
    path("work/", work.work, name="work"),
    path("work/put-off/", putting_off.work_put_off, name="work_put_off"),
    path("candidates/", listing.candidates, name="candidates"),
    path("candidates/new/", entering.candidate_new, name="candidate_new"),
    path("candidates/new/past/", entering.past_admission_new, name="past_admission_new"),
    path("candidates/new/twins/", entering.twins, name="twins"),
    path("candidates/together/<slug:deed>/", together.candidates_together, name="candidates_together"),
    path("candidates/<int:pk>/", candidates.candidate, name="candidate"),
    path("candidates/<int:pk>/edit/", entering.candidate_edit, name="candidate_edit"),
    path("candidates/<int:pk>/undo/<int:entry>/", entering.candidate_undo, name="candidate_undo"),
    path("candidates/<int:pk>/<slug:step>/", stepping.candidate_step, name="candidate_step"),
]
